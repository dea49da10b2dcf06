// SPDX-License-Identifier: MIT
#include "io/output.hpp"

#include <hamlet/io/png.hpp>

#include <fmt/format.h>
#include <png.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

namespace hamlet {
namespace {

struct Free {
  void operator()(png_image* image) const { png_image_free(image); }
};

// A greyscale image as libpng describes it: one byte a pixel.
png_image grey_image() {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.format = PNG_FORMAT_GRAY;
  return image;
}

void check(const Eigen::Ref<const State>& images, const Grid& grid) {
  if (grid.width <= 0 || grid.height <= 0 || grid.columns <= 0 || grid.padding < 0 || grid.zoom <= 0) {
    throw ValueError(
        fmt::format("a grid of tiles {} × {}, {} columns, padding {}, zoom {}: none may be negative, and only "
                    "the padding zero",
                    grid.width, grid.height, grid.columns, grid.padding, grid.zoom));
  }
  if (images.cols() == 0) throw ShapeError("a grid needs at least one image");
  // Compared by division: the product may overflow.
  if (images.rows() % grid.width != 0 || images.rows() / grid.width != grid.height) {
    throw ShapeError(fmt::format("images of {} pixels (one a column, {} of them) are not {} × {}", images.rows(),
                                 images.cols(), grid.width, grid.height));
  }
  for (Index image = 0; image < images.cols(); ++image) {
    for (Index pixel = 0; pixel < images.rows(); ++pixel) {
      if (!std::isfinite(images(pixel, image))) {
        throw ValueError(fmt::format("pixel {} of image {} is {}", pixel, image, images(pixel, image)));
      }
    }
  }
}

GreyRange range_of(const Eigen::Ref<const State>& images, const Grid& grid) {
  const GreyRange range = grid.range.value_or(GreyRange{images.minCoeff(), images.maxCoeff()});
  if (!std::isfinite(range.white - range.black) || (grid.range && range.white == range.black)) {
    throw ValueError(
        fmt::format("the range of grey from {} to {} must be finite and not empty", range.black, range.white));
  }
  return range;
}

// round(255 (x − black)/(white − black)), within [0, 255].
png_byte grey(double x, const GreyRange& range) {
  if (range.white == range.black) return 0;
  const double share = (x - range.black) / (range.white - range.black);
  return static_cast<png_byte>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
}

// Pixels of the picture along a side of `tiles` tiles.
png_uint_32 side(Index tiles, Index size, const Grid& grid) {
  constexpr double most = 65535;
  const double pixels = static_cast<double>(tiles) * (static_cast<double>(size) * static_cast<double>(grid.zoom) +
                                                      static_cast<double>(grid.padding)) -
                        static_cast<double>(grid.padding);
  if (pixels > most)
    throw ValueError(fmt::format("a side of the picture would be {} pixels, the most is {}", pixels, most));
  return static_cast<png_uint_32>(pixels);
}

}  // namespace

void save_png(const std::string& path, const Eigen::Ref<const State>& images, const Grid& grid) {
  check(images, grid);
  const GreyRange range = range_of(images, grid);
  const Index columns = std::min(grid.columns, images.cols());
  const Index rows = (images.cols() + columns - 1) / columns;
  png_image image = grey_image();
  image.width = side(columns, grid.width, grid);
  image.height = side(rows, grid.height, grid);

  const auto stride = static_cast<Index>(image.width);
  std::vector<png_byte> picture(static_cast<std::size_t>(image.width) * image.height, 255);
  for (Index tile = 0; tile < images.cols(); ++tile) {
    const Index left = tile % columns * (grid.width * grid.zoom + grid.padding);
    const Index top = tile / columns * (grid.height * grid.zoom + grid.padding);
    for (Index y = 0; y < grid.height * grid.zoom; ++y) {
      for (Index x = 0; x < grid.width * grid.zoom; ++x) {
        const double value = images(y / grid.zoom * grid.width + x / grid.zoom, tile);
        picture[static_cast<std::size_t>((top + y) * stride + left + x)] = grey(value, range);
      }
    }
  }

  std::vector<std::byte> file(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = file.size();
  if (!png_image_write_to_memory(&image, file.data(), &size, 0, picture.data(), 0, nullptr)) {
    throw FileError(fmt::format("{}: cannot be written: {}", path, image.message));
  }
  io::OutputFile output(path);
  output.write(std::span(file).first(size));
  output.commit();
}

Array load_png(const std::string& path) {
  png_image image = grey_image();
  const std::unique_ptr<png_image, Free> owner(&image);
  const auto fail = [&](std::string_view reason) {
    throw FileError(fmt::format("{}: no PNG that can be read: {}", path, reason));
  };
  if (!png_image_begin_read_from_file(&image, path.c_str())) fail(image.message);

  // DEFLATE packs at most 1032 to 1, and a byte holds at most 8 pixels: a header that promises more lies.
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(path, error);
  if (error) fail(error.message());
  const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
  if (pixels / (std::uint64_t{8} * 1032) > bytes) {
    fail(fmt::format("{} × {} pixels cannot be in {} bytes", image.width, image.height, bytes));
  }
  image.format = PNG_FORMAT_GRAY;
  Array array(Element::UInt8, {static_cast<Index>(image.height), static_cast<Index>(image.width)});
  const png_color black{0, 0, 0};
  if (!png_image_finish_read(&image, &black, array.values<std::uint8_t>().data(), 0, nullptr)) fail(image.message);
  return array;
}

}  // namespace hamlet
