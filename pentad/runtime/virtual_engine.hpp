// Virtual time: a moment comes as soon as nothing is left to do before it.
#pragma once

#include "pentad/runtime/engine.hpp"

namespace pentad {

class virtual_engine final : public engine {
 public:
  instant now() override { return now_; }

  bool poll(instant until) override {
    if (until == never) return false;
    if (until > now_) now_ = until;
    return true;
  }

  void wake() noexcept override {}
  bool simulated() const noexcept override { return true; }

 private:
  instant now_{};
};

}  // namespace pentad
