// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/cvode.hpp>

#include "dynamics/tolerances.hpp"

#include <fmt/format.h>

#ifdef HAMLET_SUNDIALS
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_spgmr.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>
#endif

namespace hamlet {

#ifdef HAMLET_SUNDIALS

namespace {

/// What SUNDIALS' serial vector holds, over the memory of a State, so that right-hand sides read and write in place.
struct Content : _N_VectorContent_Serial {
  State state;

  explicit Content(State given) : state(std::move(given)) {
    own_data = SUNFALSE;
    length = state.size();
    data = state.data();
  }
};

Content& content(N_Vector vector) {
  return *static_cast<Content*>(static_cast<_N_VectorContent_Serial*>(vector->content));
}
State& state_of(N_Vector vector) { return content(vector).state; }
/// To be called when the state may have other memory than before.
void renew(N_Vector vector) { content(vector).data = state_of(vector).data(); }

// Functions that SUNDIALS calls: no exception may pass through it.

void destroy(N_Vector vector) {
  if (vector == nullptr) return;
  delete &content(vector);
  vector->content = nullptr;
  N_VFreeEmpty(vector);
}

N_Vector clone(N_Vector like);

/// Null when there is no memory.
N_Vector make_vector(Index rows, Index columns, SUNContext context) {
  N_Vector vector = N_VNewEmpty_Serial(0, context);
  if (vector == nullptr) return nullptr;
  Content* of_state = nullptr;
  try {
    of_state = new Content(State::Zero(rows, columns));
  } catch (const std::bad_alloc&) {
    N_VDestroy_Serial(vector);
    return nullptr;
  }
  std::free(std::exchange(vector->content, static_cast<_N_VectorContent_Serial*>(of_state)));
  vector->ops->nvclone = clone;
  vector->ops->nvcloneempty = clone;
  vector->ops->nvdestroy = destroy;
  return vector;
}

N_Vector clone(N_Vector like) {
  const State& state = state_of(like);
  return make_vector(state.rows(), state.cols(), like->sunctx);
}

void keep_message(int, const char*, const char*, char* message, void* kept) {
  try {
    *static_cast<std::string*>(kept) = message;
  } catch (const std::bad_alloc&) {
  }
}

class RunningCvode : public RunningStepper {
 public:
  RunningCvode(double relative, double absolute) : relative_(relative), absolute_(absolute) {
    if (SUNContext_Create(nullptr, &context_) != 0) throw Error("CVODE: SUNDIALS makes no context");
  }
  RunningCvode(const RunningCvode&) = delete;
  RunningCvode& operator=(const RunningCvode&) = delete;
  ~RunningCvode() override {
    CVodeFree(&memory_);
    if (solver_ != nullptr) SUNLinSolFree(solver_);
    destroy(vector_);
    SUNContext_Free(&context_);
  }

  bool adaptive() const override { return true; }

  double first_step(System& system, const Point& start, double largest) override {
    return starting_step(system, start, largest, 1, relative_, absolute_);
  }

  Attempt attempt(System& system, const Point& from, double dt, Point& to) override {
    system_ = &system;
    if (!goes_on_from(from)) begin_at(from, dt);
    // A stop where CVODE would end anyway is out of reach: what it plans after one it does not say.
    const double stop = dt < planned_ ? from.time + dt : std::numeric_limits<double>::max();
    require(CVodeSetStopTime(memory_, stop), "CVodeSetStopTime");
    const long refused = refusals();
    double time = from.time;
    std::swap(state_of(vector_), to.state);
    renew(vector_);
    const int flag = CVode(memory_, from.time + dt, vector_, &time, CV_ONE_STEP);
    std::swap(state_of(vector_), to.state);
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
    // A step as short as rounding, because what lies beyond is not finite, is none.
    const double reached = time - from.time;
    running_ = flag >= 0 && reached > (finite_ ? 0 : rounding(time, reached));
    Attempt result{running_, 0, false};
    result.refused = refusals() - refused;
    if (running_) {
      finite_ = true;
      if (flag == CV_TSTOP_RETURN) {
        planned_ = std::numeric_limits<double>::infinity();
        result.next_step = 2 * dt;
      } else {
        require(CVodeGetCurrentStep(memory_, &planned_), "CVodeGetCurrentStep");
        result.next_step = planned_;
      }
      if (reached < dt - rounding(time, dt)) result.taken = reached;
      at_ = time;
      step_ = reached;
      state_ = to.state;
      return result;
    }
    // Refused is what a smaller step may mend.
    for (const int mendable : {CV_SUCCESS, CV_TSTOP_RETURN, CV_FIRST_RHSFUNC_ERR, CV_REPTD_RHSFUNC_ERR,
                               CV_UNREC_RHSFUNC_ERR, CV_ERR_FAILURE, CV_CONV_FAILURE, CV_TOO_MUCH_ACC, CV_TOO_CLOSE})
      if (flag == mendable) {
        to.state.setConstant(finite_ ? 0 : std::numeric_limits<double>::quiet_NaN());
        result.next_step = dt / 10;
        return result;
      }
    throw_failure(flag, "CVode");
  }

  void restart() override { running_ = false; }

  void interpolate(System&, const Point&, const Point&, double t, State& x) override {
    x.resizeLike(state_);
    std::swap(state_of(vector_), x);
    renew(vector_);
    const int flag = CVodeGetDky(memory_, t, 0, vector_);
    std::swap(state_of(vector_), x);
    require(flag, "CVodeGetDky");
  }

 private:
  /// How far rounding may have put the end of such a step off, by CVODE's own measure.
  static double rounding(double time, double step) {
    return 100 * std::numeric_limits<double>::epsilon() * (std::abs(time) + step);
  }

  bool goes_on_from(const Point& from) const {
    return running_ && std::abs(from.time - at_) <= rounding(at_, step_) && from.state == state_;
  }

  /// Forgets the past: order 1, first step dt.
  void begin_at(const Point& from, double dt) {
    if (memory_ == nullptr) {
      make(from);
    } else {
      state_of(vector_) = from.state;
      renew(vector_);
      require(CVodeReInit(memory_, from.time, vector_), "CVodeReInit");
    }
    require(CVodeSetInitStep(memory_, dt), "CVodeSetInitStep");
    planned_ = dt;
    at_ = from.time;
    state_ = from.state;
  }

  void make(const Point& from) {
    vector_ = make_vector(from.state.rows(), from.state.cols(), context_);
    memory_ = vector_ == nullptr ? nullptr : CVodeCreate(CV_BDF, context_);
    solver_ = memory_ == nullptr ? nullptr : SUNLinSol_SPGMR(vector_, SUN_PREC_NONE, 20, context_);
    if (solver_ == nullptr) throw Error("CVODE: no memory");
    state_of(vector_) = from.state;
    renew(vector_);
    require(CVodeSetErrHandlerFn(memory_, keep_message, &message_), "CVodeSetErrHandlerFn");
    require(CVodeInit(memory_, right_hand_side, from.time, vector_), "CVodeInit");
    require(CVodeSetUserData(memory_, this), "CVodeSetUserData");
    require(CVodeSStolerances(memory_, relative_, absolute_), "CVodeSStolerances");
    require(CVodeSetLinearSolver(memory_, solver_, nullptr), "CVodeSetLinearSolver");
    if (!system_->has_jacobian_product()) return;
    require(CVodeSetJacTimes(memory_, nullptr, jacobian_product), "CVodeSetJacTimes");
    // Makes room for what is asked only at some steps.
    State product;
    system_->jacobian_product(from.state, from.state, product);
  }

  /// Tries of CVODE's own that its error test or Newton's method refused.
  long refusals() const {
    long by_error = 0, by_newton = 0;
    require(CVodeGetNumErrTestFails(memory_, &by_error), "CVodeGetNumErrTestFails");
    require(CVodeGetNumStepSolveFails(memory_, &by_newton), "CVodeGetNumStepSolveFails");
    return by_error + by_newton;
  }

  void require(int flag, const char* function) const {
    if (flag < 0) throw_failure(flag, function);
  }

  [[noreturn]] void throw_failure(int flag, const char* function) const {
    char* const name = CVodeGetReturnFlagName(flag);
    const std::string text = fmt::format("CVODE: {} returned {}: {}", function, name, message_);
    std::free(name);
    throw Error(text);
  }

  /// Calls what may throw, for a caller that may not. 0, or −1 when it threw.
  template <class Call>
  int guarded(const Call& call) noexcept {
    try {
      return call();
    } catch (...) {
      exception_ = std::current_exception();
      return -1;
    }
  }

  /// 0, or 1 where a result is not finite: CVODE then tries a smaller step.
  int judge(const State& result) {
    const bool finite = (result.array() * 0).sum() == 0;  // ±∞ · 0 is NaN
    finite_ = finite_ && finite;
    return finite ? 0 : 1;
  }

  static int right_hand_side(double t, N_Vector x, N_Vector derivative, void* self) {
    auto& running = *static_cast<RunningCvode*>(self);
    return running.guarded([&] {
      (*running.system_)(state_of(x), state_of(derivative), t);
      renew(derivative);
      return running.judge(state_of(derivative));
    });
  }

  static int jacobian_product(N_Vector v, N_Vector product, double, N_Vector x, N_Vector, void* self, N_Vector) {
    auto& running = *static_cast<RunningCvode*>(self);
    return running.guarded([&] {
      running.system_->jacobian_product(state_of(x), state_of(v), state_of(product));
      renew(product);
      return running.judge(state_of(product));
    });
  }

  double relative_, absolute_;
  std::string message_;
  SUNContext context_ = nullptr;
  N_Vector vector_ = nullptr;
  void* memory_ = nullptr;
  SUNLinearSolver solver_ = nullptr;
  System* system_ = nullptr;
  std::exception_ptr exception_;
  bool finite_ = true;    // whether all that the system gave since the last step was
  bool running_ = false;  // whether the last attempt arrived; if so, where and by which step
  double at_ = 0, step_ = 0;
  double planned_ = 0;  // the next step; +∞ when unknown
  State state_;
};

}  // namespace

bool Cvode::available() { return true; }

std::unique_ptr<RunningStepper> Cvode::start() const {
  check_tolerances("Cvode", relative_tolerance, absolute_tolerance);
  return std::make_unique<RunningCvode>(relative_tolerance, absolute_tolerance);
}

#else

bool Cvode::available() { return false; }

std::unique_ptr<RunningStepper> Cvode::start() const {
  check_tolerances("Cvode", relative_tolerance, absolute_tolerance);
  throw Error("Cvode: the library was built without SUNDIALS (CMake option HAMLET_SUNDIALS)");
}

#endif

std::string Cvode::text() const {
  return fmt::format("Cvode(relative_tolerance = {}, absolute_tolerance = {})", relative_tolerance, absolute_tolerance);
}

}  // namespace hamlet
