// SPDX-License-Identifier: MIT
#include "io/files.hpp"

#include <hamlet/io/png.hpp>

#include <png.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace hamlet;
using namespace hamlet::test;

namespace {

// What the picture must show at (row, column), found from there backwards: a gap, an empty place, or a pixel of a tile.
int expected(const State& images, const Grid& grid, Index row, Index column) {
  const Index columns = std::min(grid.columns, images.cols());
  const Index wide = grid.width * grid.zoom + grid.padding;
  const Index high = grid.height * grid.zoom + grid.padding;
  const Index x = column % wide / grid.zoom;
  const Index y = row % high / grid.zoom;
  const Index tile = row / high * columns + column / wide;
  if (x >= grid.width || y >= grid.height || tile >= images.cols()) return 255;
  const double low = grid.range ? grid.range->black : images.minCoeff();
  const double high_value = grid.range ? grid.range->white : images.maxCoeff();
  const double level = std::floor(255 * (images(y * grid.width + x, tile) - low) / (high_value - low) + 0.5);
  return static_cast<int>(std::min(255.0, std::max(0.0, level)));
}

void write_colour(const std::string& path, png_uint_32 format, const std::vector<png_byte>& pixels, png_uint_32 width) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.format = format;
  image.width = width;
  image.height = 1;
  BOOST_REQUIRE(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, nullptr) != 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(png_files)

BOOST_AUTO_TEST_CASE(a_grid_reads_back_pixel_by_pixel) {
  const Folder folder;
  const std::string path = folder / "grid.png";
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (const Index count : {1, 2, 5, 6, 7}) {
    for (const Index columns : {1, 3, 16}) {
      for (const Index padding : {0, 1, 2}) {
        for (const Index zoom : {1, 3}) {
          for (const auto& range :
               {std::optional<GreyRange>(), std::optional(GreyRange{-1, 1}), std::optional(GreyRange{0.7, -0.3})}) {
            const Grid grid{
                .width = 5, .height = 4, .columns = columns, .padding = padding, .zoom = zoom, .range = range};
            const State images = State::NullaryExpr(20, count, [&] { return normal(random); });
            save_png(path, images, grid);
            const Array picture = load_png(path);
            const Index across = std::min(columns, count);
            const Index down = (count + across - 1) / across;
            BOOST_TEST(picture.sizes() == (std::vector<Index>{down * (4 * zoom + padding) - padding,
                                                              across * (5 * zoom + padding) - padding}));
            const auto pixels = picture.matrix<std::int32_t>();
            Index wrong = 0;
            for (Index row = 0; row < pixels.rows(); ++row) {
              for (Index column = 0; column < pixels.cols(); ++column) {
                wrong += pixels(row, column) != expected(images, grid, row, column);
              }
            }
            BOOST_TEST(wrong == 0);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_level_of_grey_survives) {
  const Folder folder;
  const State levels = State::NullaryExpr(256, 1, [](Index i, Index) { return static_cast<double>(i); });
  save_png(folder / "a.png", levels, {.width = 16, .height = 16});
  BOOST_TEST((load_png(folder / "a.png").vector() == levels.col(0)));
  save_png(folder / "b.png", levels.reverse(), {.width = 16, .height = 16, .range = GreyRange{255, 0}});
  BOOST_TEST(read(folder / "a.png") == read(folder / "b.png"));
  save_png(folder / "c.png", State::Constant(256, 2, 3.25), {.width = 16, .height = 16, .padding = 0});
  BOOST_TEST(load_png(folder / "c.png").vector().isZero(0));
}

BOOST_AUTO_TEST_CASE(a_grid_that_means_nothing_is_refused) {
  const Folder folder;
  const std::string path = folder / "grid.png";
  const State images = State::Random(6, 4);
  CHECK_MESSAGE_OF(ShapeError, save_png(path, images, {.width = 3, .height = 3}), "6 pixels", "3 × 3");
  BOOST_CHECK_THROW(save_png(path, images, {.width = 4, .height = 1}), ShapeError);
  BOOST_CHECK_THROW(save_png(path, State(6, 0), {.width = 3, .height = 2}), ShapeError);
  for (const Grid& grid : {Grid{}, Grid{.width = -3, .height = -2}, Grid{.width = 3, .height = 2, .columns = 0},
                           Grid{.width = 3, .height = 2, .padding = -1}, Grid{.width = 3, .height = 2, .zoom = 0},
                           Grid{.width = 3, .height = 2, .zoom = std::numeric_limits<Index>::max()},
                           Grid{.width = 3, .height = 2, .padding = std::numeric_limits<Index>::max()},
                           Grid{.width = 3, .height = 2, .range = GreyRange{1, 1}},
                           Grid{.width = 3, .height = 2, .range = GreyRange{0, INFINITY}},
                           Grid{.width = 3, .height = 2, .range = GreyRange{-1e308, 1e308}}}) {
    BOOST_CHECK_THROW(save_png(path, images, grid), ValueError);
  }
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    State broken = images;
    broken(5, 2) = bad;
    CHECK_MESSAGE_OF(ValueError, save_png(path, broken, {.width = 3, .height = 2}), "pixel 5", "image 2");
  }
  BOOST_TEST(folder.files() == 0);
}

// Luminance weights of ITU-R BT.709 on linear light, in the encoding of sRGB; libpng's own power law is within two
// levels of it. Equal parts of all colours stay that grey.
BOOST_AUTO_TEST_CASE(colour_becomes_luminance_and_transparency_is_over_black) {
  const Folder folder;
  const std::string path = folder / "colour.png";
  write_colour(path, PNG_FORMAT_RGB, {0, 0, 0, 77, 77, 77, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255}, 6);
  const auto grey = load_png(path).vector();
  BOOST_TEST((grey.head(3) == Vector<double>{{0, 77, 255}}));
  const auto encoded = [](double linear) { return 255 * (1.055 * std::pow(linear, 1 / 2.4) - 0.055); };
  BOOST_TEST(std::abs(grey[3] - encoded(0.2126)) <= 2);
  BOOST_TEST(std::abs(grey[4] - encoded(0.7152)) <= 2);
  BOOST_TEST(std::abs(grey[5] - encoded(0.0722)) <= 2);
  write_colour(path, PNG_FORMAT_GA, {200, 0, 200, 255}, 2);
  BOOST_TEST((load_png(path).vector() == Vector<double>{{0, 200}}));
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_none_is_refused) {
  const Folder folder;
  const std::string path = folder / "picture.png";
  CHECK_MESSAGE_OF(FileError, load_png(path), path, "No such file or directory");
  CHECK_MESSAGE_OF(FileError, load_png(folder.path()), folder.path());
  write(path, "GIF89a, not what you think");
  CHECK_MESSAGE_OF(FileError, load_png(path), path);
}

// A header of 900,000 × 900,000 with its right checksum in front of a picture of 2 × 2.
BOOST_AUTO_TEST_CASE(a_picture_that_promises_more_than_it_can_hold_is_refused) {
  const Folder folder;
  const std::string path = folder / "picture.png";
  save_png(path, State::Random(4, 1), {.width = 2, .height = 2});
  std::string bytes = read(path);
  const std::string size("\x00\x0d\xbb\xa0", 4);
  bytes.replace(16, 8, size + size);
  const auto* chunk = reinterpret_cast<const unsigned char*>(bytes.data()) + 12;
  std::uint32_t crc = 0xffffffff;  // the CRC-32 of the PNG specification, over type and data
  for (int i = 0; i < 17; ++i) {
    crc ^= chunk[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  crc = ~crc;
  for (std::size_t i = 0; i < 4; ++i) bytes[29 + i] = static_cast<char>(crc >> (24 - 8 * i) & 0xff);
  write(path, bytes);
  CHECK_MESSAGE_OF(FileError, load_png(path), path, "900000 × 900000", std::to_string(bytes.size()));
}

BOOST_AUTO_TEST_SUITE_END()
