#include "apps/packet_scripts/tcp_information.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pentad::packet_scripts {
namespace {

using native::connection;
using native::tcp_state;

std::int64_t microseconds(duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

// Linux counts packets; here are bytes of whole segments, but for the last.
std::int64_t segments(const connection& about, std::uint64_t bytes) {
  const std::uint64_t size = about.segment_size();
  return static_cast<std::int64_t>((bytes + size - 1) / size);
}

// net/tcp_states.h
std::int64_t state_of(tcp_state state) {
  switch (state) {
    case tcp_state::established:
      return 1;
    case tcp_state::syn_sent:
      return 2;
    case tcp_state::syn_received:
      return 3;
    case tcp_state::fin_wait_1:
      return 4;
    case tcp_state::fin_wait_2:
      return 5;
    case tcp_state::closed:
      return 7;
    case tcp_state::close_wait:
      return 8;
    case tcp_state::last_ack:
      return 9;
    case tcp_state::closing:
      return 11;
  }
  return 0;
}

std::int64_t threshold_of(const connection& about) {
  constexpr std::int64_t infinite = 0x7fff'ffff;  // TCP_INFINITE_SSTHRESH
  if (about.congestion().in_first_slow_start()) return infinite;
  return std::int64_t{about.congestion().threshold()} / about.segment_size();
}

std::int64_t sacked_in(const connection& about) {
  const native::flight* const flying = about.in_flight_state();
  return flying != nullptr ? segments(about, flying->board.sacked()) : 0;
}

std::int64_t lost_in(const connection& about) {
  const native::flight* const flying = about.in_flight_state();
  return flying != nullptr ? segments(about, flying->board.lost()) : 0;
}

// TCP_CA_Open, TCP_CA_Disorder, TCP_CA_Recovery and TCP_CA_Loss of linux/tcp.h.
std::int64_t recovery_of(const connection& about) {
  const native::flight* const flying = about.in_flight_state();
  if (flying == nullptr) return 0;
  switch (flying->now) {
    case native::flight::phase::recovery:
      return 3;
    case native::flight::phase::loss:
      return 4;
    case native::flight::phase::open:
      break;
  }
  return flying->board.sacked() != 0 ? 1 : 0;
}

using reader = std::int64_t (*)(const connection&);

constexpr std::array<std::pair<std::string_view, reader>, 17> readers{{
    {"tcpi_state", [](const connection& of) { return state_of(of.state()); }},
    {"tcpi_ca_state", recovery_of},
    {"tcpi_sacked", sacked_in},
    {"tcpi_lost", lost_in},
    {"tcpi_snd_mss", [](const connection& of) { return std::int64_t{of.segment_size()}; }},
    {"tcpi_snd_cwnd",
     [](const connection& of) {
       return std::int64_t{of.congestion().window()} / of.segment_size();
     }},
    {"tcpi_snd_ssthresh", threshold_of},
    {"tcpi_unacked", [](const connection& of) { return segments(of, of.in_flight()); }},
    {"tcpi_total_retrans",
     [](const connection& of) { return static_cast<std::int64_t>(of.retransmits()); }},
    {"tcpi_backoff",
     [](const connection& of) { return static_cast<std::int64_t>(of.timeout().backoff()); }},
    {"tcpi_retransmits",
     [](const connection& of) { return static_cast<std::int64_t>(of.timeout().backoff()); }},
    {"tcpi_rtt", [](const connection& of) { return microseconds(of.timeout().smoothed()); }},
    {"tcpi_rttvar", [](const connection& of) { return microseconds(of.timeout().variance()); }},
    {"tcpi_rto", [](const connection& of) { return microseconds(of.timeout().current()); }},
    {"tcpi_bytes_acked",
     [](const connection& of) { return static_cast<std::int64_t>(of.bytes_acknowledged()); }},
    {"tcpi_bytes_received",
     [](const connection& of) { return static_cast<std::int64_t>(of.bytes_received()); }},
    {"tcpi_notsent_bytes",
     [](const connection& of) {
       const auto queued = static_cast<std::int64_t>(of.send_queue());
       return std::max<std::int64_t>(0, queued - std::int64_t{of.in_flight()});
     }},
}};

}  // namespace

std::optional<std::int64_t> tcp_information(const connection& about, std::string_view name) {
  for (const auto& [known, read] : readers) {
    if (known == name) return read(about);
  }
  return std::nullopt;
}

}  // namespace pentad::packet_scripts
