#include "pentad/stack/native/core/tcp/syn_cookies.hpp"

#include <array>

namespace pentad::native {
namespace {

// Those that most peers have, so that little is lost. Linux: msstab of syncookies.c.
constexpr std::array<std::uint32_t, 4> segment_sizes_v4 = {536, 1300, 1440, 1460};
constexpr std::array<std::uint32_t, 4> segment_sizes_v6 = {1220, 1420, 1440, 8940};

const std::array<std::uint32_t, 4>& segment_sizes(const five_tuple& tuple) noexcept {
  return tuple.remote.address.is_v4() ? segment_sizes_v4 : segment_sizes_v6;
}

constexpr std::uint32_t hashed_bits = 24;
constexpr std::uint32_t hashed_mask = (1U << hashed_bits) - 1;

std::uint32_t minute_of(instant now) noexcept {
  return static_cast<std::uint32_t>(now.time_since_epoch() / std::chrono::minutes(1));
}

constexpr std::uint32_t no_scale = 0xf;
constexpr std::uint32_t sack_bit = 0x10;
constexpr std::uint32_t ecn_bit = 0x20;
constexpr std::uint32_t option_mask = 0x3f;

}  // namespace

std::uint32_t syn_cookies::hash(const five_tuple& tuple, std::uint32_t minute,
                                std::uint64_t peer_syn) const noexcept {
  return static_cast<std::uint32_t>(
      siphash(secret_)
          .add(tuple.local.address.bytes())
          .add(tuple.remote.address.bytes())
          .add(std::uint64_t{tuple.local.port} << 16 | tuple.remote.port)
          .add(peer_syn << 32 | minute)
          .finish());
}

wire::tcp_sequence syn_cookies::make(const five_tuple& tuple, wire::tcp_sequence peer_syn,
                                     std::uint32_t segment_size, instant now) const noexcept {
  const auto& sizes = segment_sizes(tuple);
  auto index = static_cast<std::uint32_t>(sizes.size() - 1);
  while (index != 0 && sizes[index] > segment_size) --index;
  const std::uint32_t minute = minute_of(now);
  return wire::tcp_sequence(hash(tuple, 0, 0) + peer_syn.number() + (minute << hashed_bits) +
                            ((hash(tuple, minute, peer_syn.number()) + index) & hashed_mask));
}

std::optional<std::uint32_t> syn_cookies::segment_size(const five_tuple& tuple,
                                                       wire::tcp_sequence peer_syn,
                                                       wire::tcp_sequence cookie,
                                                       instant now) const noexcept {
  const std::uint32_t said = cookie.number() - hash(tuple, 0, 0) - peer_syn.number();
  const std::uint32_t age = (minute_of(now) - (said >> hashed_bits)) & 0xff;
  if (age > 1) return std::nullopt;
  const std::uint32_t index =
      (said - hash(tuple, minute_of(now) - age, peer_syn.number())) & hashed_mask;
  const auto& sizes = segment_sizes(tuple);
  if (index >= sizes.size()) return std::nullopt;
  return sizes[index];
}

std::uint32_t cookie_options::in_time(std::uint32_t clock) const noexcept {
  std::uint32_t said = window_scale.value_or(no_scale);
  if (sack) said |= sack_bit;
  if (ecn) said |= ecn_bit;
  const std::uint32_t time = (clock & ~option_mask) | said;
  return static_cast<std::int32_t>(time - clock) > 0 ? time - option_mask - 1 : time;
}

cookie_options cookie_options::of_time(std::uint32_t echoed) noexcept {
  cookie_options said{
      .window_scale = {}, .sack = (echoed & sack_bit) != 0, .ecn = (echoed & ecn_bit) != 0};
  const auto scale = static_cast<std::uint8_t>(echoed & no_scale);
  if (scale <= wire::tcp_options::largest_window_scale) said.window_scale = scale;
  return said;
}

}  // namespace pentad::native
