// SPDX-License-Identifier: MIT
#include "kernel/targets.hpp"

#include <hwy/targets.h>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

/// Tells ctest that a test was skipped.
constexpr int skipped = 77;

/// Kernels run on the instruction set that HAMLET_INSTRUCTIONS names (SSE4, AVX2, …), as on a machine that has no
/// better one; without it, on the best that there is.
void choose_instructions() {
  const char* const wanted = std::getenv("HAMLET_INSTRUCTIONS");
  if (!wanted) return;
  std::string known;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const std::string name = hwy::TargetName(target);
    known += " " + name;
    if (name != wanted) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return;
  }
  std::cerr << "HAMLET_INSTRUCTIONS=" << wanted << " is none of" << known << '\n';
  std::exit(skipped);
}

}  // namespace

int main(int argc, char* argv[]) {
  choose_instructions();
  return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
