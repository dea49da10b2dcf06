// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/targets.hpp"

#include <hwy/targets.h>
#include <boost/test/unit_test.hpp>

namespace hamlet::laws {

/// Runs `law` under every instruction set that was compiled and that this machine has.
template <class Law>
void for_every_target(const Law& law) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    BOOST_TEST_CONTEXT(hwy::TargetName(target)) { law(); }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace hamlet::laws
