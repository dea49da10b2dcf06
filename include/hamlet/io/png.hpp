// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>
#include <hamlet/io/array.hpp>

#include <optional>
#include <string>

namespace hamlet {

/// The values that become black (0) and white (255); values beyond them saturate. `black > white` is a negative.
struct GreyRange {
  double black = 0;
  double white = 1;
};

/// How images of one size are laid out as tiles, row by row from the top left, on white.
struct Grid {
  Index width = 0;
  Index height = 0;
  /// Tiles side by side; fewer images than this make one shorter row.
  Index columns = 16;
  /// White pixels between tiles; none at the border of the picture.
  Index padding = 2;
  /// Every pixel of a tile becomes zoom × zoom pixels of the picture; the padding is not magnified.
  Index zoom = 1;
  /// Without one, the smallest and largest value of all images; when these are equal, all are black.
  std::optional<GreyRange> range = std::nullopt;
};

/// Writes images, one a column (width · height × count, the pixels row by row from the top left), as one 8-bit
/// greyscale PNG. Throws ShapeError when there are no images or they are not width · height pixels, ValueError when a
/// size of the grid or its range means nothing or a pixel is not finite (a state that turned NaN must not pass for a
/// picture), FileError as save_npy.
void save_png(const std::string& path, const Eigen::Ref<const State>& images, const Grid& grid);

/// Reads a PNG as UInt8, height × width in C order: greyscale as it is, colour as its luminance, transparency over
/// black, 16 bits as 8. `load_png(path).vector()` are the pixels row by row. Throws FileError when it is missing, cut
/// short or no PNG.
Array load_png(const std::string& path);

}  // namespace hamlet
