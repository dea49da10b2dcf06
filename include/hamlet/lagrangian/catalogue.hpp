// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/lagrangian/absolute.hpp>
#include <hamlet/lagrangian/entmax.hpp>
#include <hamlet/lagrangian/exponential.hpp>
#include <hamlet/lagrangian/grouped.hpp>
#include <hamlet/lagrangian/layer_norm.hpp>
#include <hamlet/lagrangian/log_cosh.hpp>
#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/max_pooling.hpp>
#include <hamlet/lagrangian/norm.hpp>
#include <hamlet/lagrangian/power.hpp>
#include <hamlet/lagrangian/quadratic.hpp>
#include <hamlet/lagrangian/rectified_power.hpp>
#include <hamlet/lagrangian/softplus.hpp>
#include <hamlet/lagrangian/sparsemax.hpp>
