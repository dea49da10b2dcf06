// SPDX-License-Identifier: MIT
#pragma once

// How Boost.Odeint computes with dense Eigen types: resizes, copies and combines them entry by entry, in place of its
// own external/eigen header. With that header a matrix state compiles and is integrated wrongly, so the two must not
// meet: it is an error to include it before, and including it after leaves two equally good specialisations, an error
// as well. Link no program from files of which some use the one and some the other.

#if defined(BOOST_NUMERIC_ODEINT_EXTERNAL_EIGEN_EIGEN_HPP_INCLUDED) ||                    \
    defined(BOOST_NUMERIC_ODEINT_EXTERNAL_EIGEN_EIGEN_ALGEBRA_HPP_INCLUDED) ||            \
    defined(BOOST_NUMERIC_ODEINT_EXTERNAL_EIGEN_EIGEN_ALGEBRA_DISPATCHER_HPP_INCLUDED) || \
    defined(BOOST_NUMERIC_ODEINT_EXTERNAL_EIGEN_EIGEN_RESIZE_HPP_DEFINED)
#error \
    "boost/numeric/odeint/external/eigen integrates matrices wrongly: include hamlet/dynamics/odeint.hpp instead of it"
#endif

#include <Eigen/Core>

#include <boost/numeric/odeint/algebra/algebra_dispatcher.hpp>
#include <boost/numeric/odeint/util/copy.hpp>
#include <boost/numeric/odeint/util/is_resizeable.hpp>
#include <boost/numeric/odeint/util/n_ary_helper.hpp>
#include <boost/numeric/odeint/util/resize.hpp>
#include <boost/numeric/odeint/util/same_size.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

namespace hamlet {

/// The algebra policy of odeint for types that own their entries in one piece.
struct OdeintAlgebra {
#define HAMLET_FOR_EACH(n) loop(s0.size(), op, BOOST_PP_ENUM_BINARY_PARAMS(n, s, .data() BOOST_PP_INTERCEPT));
  BOOST_ODEINT_GEN_FOR_EACH(HAMLET_FOR_EACH)
#undef HAMLET_FOR_EACH

  /// max |x|, and +∞ when an entry is NaN: an error estimate that is not a number must not pass for a small one.
  template <class S>
  static typename S::Scalar norm_inf(const S& s) {
    using Scalar = typename S::Scalar;
    // Several at a time, which none waits for another; x · 0 is NaN of what is not finite.
    constexpr std::size_t lanes = 8;
    std::array<Scalar, lanes> largest = {}, zero = {};
    const Scalar* const x = s.data();
    const auto take = [&](Eigen::Index i, std::size_t lane) {
      const Scalar size = std::abs(x[i]);
      zero[lane] += size * 0;
      largest[lane] = size > largest[lane] ? size : largest[lane];
    };
    Eigen::Index i = 0;
    for (; i + static_cast<Eigen::Index>(lanes) <= s.size(); i += static_cast<Eigen::Index>(lanes)) {
      for (std::size_t lane = 0; lane < lanes; ++lane) take(i + static_cast<Eigen::Index>(lane), lane);
    }
    for (; i < s.size(); ++i) take(i, 0);
    for (std::size_t lane = 1; lane < lanes; ++lane) {
      zero[0] += zero[lane];
      largest[0] = std::max(largest[0], largest[lane]);
    }
    return zero[0] == 0 ? largest[0] : std::numeric_limits<Scalar>::infinity();
  }

 private:
  template <class Operation, class... T>
  static void loop(Eigen::Index size, Operation operation, T*... entries) {
    // Entry i depends on the entries i alone, also where two of the operands are one.
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (Eigen::Index i = 0; i < size; ++i) operation(entries[i]...);
  }
};

template <class T>
concept DenseEigen = std::is_base_of_v<Eigen::PlainObjectBase<T>, T>;

}  // namespace hamlet

namespace boost::numeric::odeint {

template <class T>
struct algebra_dispatcher_sfinae<T, std::enable_if_t<hamlet::DenseEigen<T>>> {
  using algebra_type = hamlet::OdeintAlgebra;
};

template <class T>
struct is_resizeable_sfinae<T, std::enable_if_t<hamlet::DenseEigen<T>>> : boost::true_type {};

template <class T>
struct same_size_impl_sfinae<T, T, std::enable_if_t<hamlet::DenseEigen<T>>> {
  static bool same_size(const T& a, const T& b) { return a.rows() == b.rows() && a.cols() == b.cols(); }
};

template <class T>
struct resize_impl_sfinae<T, T, std::enable_if_t<hamlet::DenseEigen<T>>> {
  static void resize(T& changed, const T& like) { changed.resizeLike(like); }
};

template <class T>
struct copy_impl_sfinae<T, T, std::enable_if_t<hamlet::DenseEigen<T>>> {
  static void copy(const T& from, T& to) { to = from; }
};

}  // namespace boost::numeric::odeint
