// SPDX-License-Identifier: MIT
#include <hamlet/hamlet.hpp>

void large(const hamlet::State& rows, const hamlet::State& another) {
  hamlet::set_threads(2);  // for products worth a team; results are the same to the last bit, whatever the number
  hamlet::Dense memories{rows, hamlet::Storage::f32};  // or f64, the default, f16, int8
  memories.append(another);                            // before it is connected, in time proportional to `another`
}
