// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/error.hpp>
#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/derivative/gradient.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/lagrangian/lagrangian.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/network/layer.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/integrated_out.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/synapse.hpp>
