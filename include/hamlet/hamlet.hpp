// SPDX-License-Identifier: MIT
#pragma once

// Everything but <hamlet/dynamics/odeint.hpp>, which brings Boost.Odeint for steppers of one's own.

#include <hamlet/attractor/basins.hpp>
#include <hamlet/attractor/classify.hpp>
#include <hamlet/attractor/landscape.hpp>
#include <hamlet/attractor/settle.hpp>
#include <hamlet/core/error.hpp>
#include <hamlet/core/shape.hpp>
#include <hamlet/core/state.hpp>
#include <hamlet/derivative/gradient.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/cvode.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/event.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/experiment/sweep.hpp>
#include <hamlet/experiment/table.hpp>
#include <hamlet/io/idx.hpp>
#include <hamlet/io/npy.hpp>
#include <hamlet/io/npz.hpp>
#include <hamlet/io/png.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/memory/memory.hpp>
#include <hamlet/monitor/audit.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/dot.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/general.hpp>
#include <hamlet/synapse/integrated_out.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>
