// SPDX-License-Identifier: MIT
#include <hamlet/derivative/reverse.hpp>

namespace hamlet {

namespace {

template <class T>
Tape<T>& tape_of_this_thread() {
  static thread_local Tape<T> tape;
  return tape;
}

}  // namespace

template <class T>
Recording<T>::Recording() : outer_(Tape<T>::active) {
  Tape<T>::active = &tape_of_this_thread<T>();
  begin_ = Tape<T>::active->nodes.size();
}

template <class T>
Recording<T>::~Recording() {
  Tape<T>::active->nodes.resize(begin_);
  Tape<T>::active = outer_;
}

template <class T>
Reverse<T> Recording<T>::variable(const T& value) {
  return {value, Tape<T>::active->push({{0, 0}, {T(0.0), T(0.0)}})};
}

template <class T>
void Recording<T>::sweep(const Reverse<T>& result) {
  auto& [nodes, adjoints] = *Tape<T>::active;
  adjoints.assign(nodes.size() + 1, T(0.0));
  adjoints[result.node] = T(1.0);
  // x̄ += ∂y/∂x ȳ for every operand x of every result y, last result first. What flows into the constant is never read.
  for (std::size_t k = result.node; k > begin_; --k) {
    const auto& node = nodes[k - 1];
    adjoints[node.operand[0]] += node.slope[0] * adjoints[k];
    if (node.operand[1] != 0) adjoints[node.operand[1]] += node.slope[1] * adjoints[k];
  }
}

template <class T>
T Recording<T>::adjoint(const Reverse<T>& variable) const {
  return variable.node == 0 ? T(0.0) : Tape<T>::active->adjoints[variable.node];
}

template class Recording<double>;
template class Recording<Dual<double>>;

}  // namespace hamlet
