// The law by which a window grows beyond slow start, and shrinks. Its state exists only once a
// connection has left slow start. In bytes.
#pragma once

#include <cstdint>
#include <memory>

#include "pentad/base/clock.hpp"

namespace pentad::native {

enum class congestion_algorithm : std::uint8_t { cubic, new_reno };

class congestion_avoidance {
 public:
  virtual ~congestion_avoidance() = default;
  congestion_avoidance& operator=(const congestion_avoidance&) = delete;

  /// `bytes` were acknowledged while `window`, in segments of `segment`, was used: how much it
  /// grows.
  virtual std::uint32_t growth(std::uint32_t bytes, std::uint32_t window, std::uint32_t segment,
                               instant now, duration round_trip) noexcept = 0;

  /// There was congestion while `window` was in use: what is left of it.
  virtual std::uint32_t reduced(std::uint32_t window, std::uint32_t segment,
                                bool after_timeout) noexcept = 0;

  /// Nothing was sent for so long.
  virtual void paused(duration) noexcept {}

  virtual std::unique_ptr<congestion_avoidance> clone() const = 0;

 protected:
  congestion_avoidance() = default;
  congestion_avoidance(const congestion_avoidance&) = default;
};

}  // namespace pentad::native
