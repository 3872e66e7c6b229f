// A segment more for each round trip, half of it all at congestion (RFC 5681, section 3.1).
#pragma once

#include "pentad/stack/native/core/tcp/congestion_avoidance.hpp"

namespace pentad::native {

class new_reno final : public congestion_avoidance {
 public:
  // By counting bytes, so that delayed acknowledgements do not slow it down.
  std::uint32_t growth(std::uint32_t bytes, std::uint32_t window, std::uint32_t segment, instant,
                       duration) noexcept override {
    counted_ += bytes;
    if (counted_ < window) return 0;
    counted_ -= window;
    return segment;
  }

  std::uint32_t reduced(std::uint32_t window, std::uint32_t, bool) noexcept override {
    counted_ = 0;
    return window / 2;
  }

  std::unique_ptr<congestion_avoidance> clone() const override {
    return std::make_unique<new_reno>(*this);
  }

 private:
  std::uint32_t counted_ = 0;
};

}  // namespace pentad::native
