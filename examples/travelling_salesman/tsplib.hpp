// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace tsplib {

/// Cities with the whole distances between them.
struct Instance {
  std::string name;
  hamlet::State distances;  // N × N, symmetric
  hamlet::State places;     // N × 2: x (east) and y (north), to draw them
};

/// Great circles on the earth as TSPLIB counts them, from DDD.MM degrees and minutes.
inline double geographical(double x0, double y0, double x1, double y1) {
  const double pi = 3.141592, radius = 6378.388;  // these digits are part of the format
  const auto radians = [pi](double degrees_and_minutes) {
    const double degrees = std::trunc(degrees_and_minutes);
    return pi * (degrees + 5 * (degrees_and_minutes - degrees) / 3) / 180;
  };
  const double q1 = std::cos(radians(y0) - radians(y1));
  const double q2 = std::cos(radians(x0) - radians(x1));
  const double q3 = std::cos(radians(x0) + radians(x1));
  return std::floor(radius * std::acos(((1 + q1) * q2 - (1 - q1) * q3) / 2) + 1);
}

/// Reads a symmetric instance given by coordinates, EDGE_WEIGHT_TYPE EUC_2D or GEO. Throws FileError, naming what is
/// missing or not understood. Format: Reinelt, "TSPLIB — A Traveling Salesman Problem Library", ORSA Journal on
/// Computing 3, 1991.
inline Instance load(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw hamlet::FileError(file + " cannot be read");
  std::map<std::string, std::string> header;
  std::string line;
  while (std::getline(stream, line) && line.find("NODE_COORD_SECTION") == std::string::npos) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto trimmed = [](const std::string& text) {
      const std::size_t first = text.find_first_not_of(" \t\r");
      return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
    };
    header[trimmed(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  if (!stream) throw hamlet::FileError(file + " has no NODE_COORD_SECTION");
  const std::string type = header["EDGE_WEIGHT_TYPE"];
  if (type != "EUC_2D" && type != "GEO") {
    throw hamlet::FileError(file + " is of EDGE_WEIGHT_TYPE '" + type + "', neither EUC_2D nor GEO");
  }
  hamlet::Index cities = 0;
  std::istringstream(header["DIMENSION"]) >> cities;
  if (cities < 3)
    throw hamlet::FileError(file + " is of DIMENSION '" + header["DIMENSION"] + "': 3 at least make a tour");

  hamlet::State coordinates(cities, 2);
  for (hamlet::Index city = 0; city < cities; ++city) {
    hamlet::Index number = 0;
    if (!(stream >> number >> coordinates(city, 0) >> coordinates(city, 1)) || number != city + 1) {
      throw hamlet::FileError(file + " should have city " + std::to_string(city + 1) + " of " + std::to_string(cities) +
                              " and its coordinates, after those before it");
    }
  }
  Instance instance{header["NAME"], hamlet::State::Zero(cities, cities), coordinates};
  for (hamlet::Index a = 0; a < cities; ++a) {
    for (hamlet::Index b = 0; b < a; ++b) {
      const double distance =
          type == "GEO" ? geographical(coordinates(a, 0), coordinates(a, 1), coordinates(b, 0), coordinates(b, 1))
                        : std::floor((coordinates.row(a) - coordinates.row(b)).norm() + 0.5);
      instance.distances(a, b) = instance.distances(b, a) = distance;
    }
  }
  if (type == "GEO") instance.places.col(0).swap(instance.places.col(1));  // latitude comes first
  return instance;
}

}  // namespace tsplib
