// Result<T>: a value or the reason why there is none. Errors are values here; nothing in this project throws across a
// function of its own.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace dnsd {

// Why something could not be done, in words for the person who asked: one sentence, no final stop, no place.
// `offset` is where in the given text the trouble is, in octets; a caller that knows the file turns it into a column.
struct Failure {
  std::string message;
  size_t offset = 0;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  // Precondition of the next four: ok().
  T& value() { return assert(ok()), *std::get_if<0>(&state_); }
  const T& value() const { return assert(ok()), *std::get_if<0>(&state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !ok().
  const Failure& failure() const { return assert(!ok()), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Failure> state_;
};

// For functions that give nothing back but may fail.
struct Done {};
using Status = Result<Done>;

}  // namespace dnsd
