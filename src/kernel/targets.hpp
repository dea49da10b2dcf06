// SPDX-License-Identifier: MIT
// The instruction sets that loops are compiled for; the best that the machine has is chosen when they are first called.
// Each costs time to compile. Those whose vectors have no length known to the compiler cannot be kept in arrays.
#pragma once

#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
