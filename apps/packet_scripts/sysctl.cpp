// Linux's net.ipv4 settings, and what they are in the stack.
#include <array>
#include <charconv>
#include <string>

#include "apps/packet_scripts/script.hpp"
#include "apps/packet_scripts/shell_commands.hpp"

namespace pentad::packet_scripts {
namespace {

using setter = void (*)(std::string_view value, host_settings& settings);

[[noreturn]] void refuse(std::string_view value) {
  throw unsupported("the value '" + std::string(value) + "'");
}

// The `index`-th number of the value.
std::int64_t number(std::string_view value, std::size_t index = 0) {
  for (;; --index) {
    while (!value.empty() && (value[0] == ' ' || value[0] == '\t')) value.remove_prefix(1);
    const int base = value.starts_with("0x") ? 16 : 10;
    const char* const begin = value.data() + (base == 16 ? 2 : 0);
    std::int64_t read = 0;
    const auto [end, error] = std::from_chars(begin, value.data() + value.size(), read, base);
    if (error != std::errc{}) refuse(value);
    if (index == 0) return read;
    value.remove_prefix(static_cast<std::size_t>(end - value.data()));
  }
}

// What the stack always does, or never.
template <std::int64_t... Fine>
void only(std::string_view value, host_settings&) {
  const std::int64_t asked = number(value);
  if (((asked != Fine) && ...)) refuse(value);
}
void whatever(std::string_view, host_settings&) {}

void set_ecn(std::string_view value, host_settings& settings) {
  using native::ecn_use;
  constexpr std::array uses{ecn_use::never, ecn_use::always, ecn_use::when_asked};
  const auto asked = static_cast<std::size_t>(number(value));
  if (asked >= uses.size()) refuse(value);
  settings.tcp.ecn = uses[asked];
}

void set_congestion_control(std::string_view value, host_settings& settings) {
  using native::congestion_algorithm;
  if (value == "cubic") {
    settings.tcp.congestion = congestion_algorithm::cubic;
  } else if (value == "reno") {
    settings.tcp.congestion = congestion_algorithm::new_reno;
  } else {
    refuse(value);
  }
}

// Linux begins with the second number and grows to the third; the shift of windows is for that.
void set_receive_memory(std::string_view value, host_settings& settings) {
  settings.tcp.receive_buffer = static_cast<std::size_t>(number(value, 2));
}
void set_send_memory(std::string_view value, host_settings& settings) {
  settings.tcp.send_buffer = static_cast<std::size_t>(number(value, 1));
}

void set_ports(std::string_view value, host_settings& settings) {
  settings.tcp.first_ephemeral_port = static_cast<std::uint16_t>(number(value));
  settings.tcp.last_ephemeral_port = static_cast<std::uint16_t>(number(value, 1));
}

void set_fast_open(std::string_view value, host_settings& settings) {
  constexpr std::int64_t client = 1;
  constexpr std::int64_t server = 2;
  constexpr std::int64_t without_cookies = 0x4 | 0x200;
  constexpr std::int64_t all_listeners = 0x400;
  const std::int64_t asked = number(value);
  if ((asked & without_cookies) != 0) refuse(value);
  settings.fast_open = {.client = (asked & client) != 0,
                        .server = (asked & server) != 0,
                        .all_listeners = (asked & server) != 0 && (asked & all_listeners) != 0};
}

// 2: always. A listener without room for what is half open has nothing but cookies.
void set_syn_cookies(std::string_view value, host_settings& settings) {
  const std::int64_t asked = number(value);
  if (asked < 0 || asked > 2) refuse(value);
  settings.tcp.syn_cookies = asked != 0;
  if (asked == 2) settings.tcp.most_half_open = 0;
}

struct known_setting {
  std::string_view key;  // after net.ipv4.
  setter set;
};

constexpr std::array settings_known{
    known_setting{
        "tcp_timestamps",
        [](std::string_view value, host_settings& to) { to.tcp.timestamps = number(value) != 0; }},
    known_setting{"tcp_sack", [](std::string_view value,
                                 host_settings& to) { to.tcp.sack = number(value) != 0; }},
    known_setting{"tcp_syn_retries",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.syn_retries = static_cast<unsigned>(number(value));
                  }},
    known_setting{"tcp_synack_retries",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.syn_ack_retries = static_cast<unsigned>(number(value));
                  }},
    known_setting{"tcp_retries2",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.retries = static_cast<unsigned>(number(value));
                  }},
    known_setting{"tcp_fin_timeout",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.fin_wait_2 = std::chrono::seconds(number(value));
                  }},
    known_setting{"tcp_slow_start_after_idle",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.slow_start_after_idle = number(value) != 0;
                  }},
    known_setting{"tcp_invalid_ratelimit",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.invalid_interval = std::chrono::milliseconds(number(value));
                  }},
    known_setting{"tcp_challenge_ack_limit",
                  [](std::string_view value, host_settings& to) {
                    to.tcp.challenge_acks_per_second = static_cast<unsigned>(number(value));
                  }},
    known_setting{"tcp_ecn", set_ecn},
    known_setting{"tcp_congestion_control", set_congestion_control},
    known_setting{"tcp_rmem", set_receive_memory},
    known_setting{"tcp_wmem", set_send_memory},
    known_setting{"ip_local_port_range", set_ports},
    known_setting{"tcp_window_scaling", only<1>},
    known_setting{"tcp_dsack", only<1>},
    known_setting{"tcp_frto", only<1, 2>},
    known_setting{"tcp_recovery", only<1>},
    known_setting{"tcp_early_retrans", only<3, 4>},
    known_setting{"tcp_reordering", only<3>},
    known_setting{"tcp_mtu_probing", only<0>},
    known_setting{"tcp_abort_on_overflow", only<0>},
    known_setting{"tcp_syncookies", set_syn_cookies},
    known_setting{"tcp_fastopen", set_fast_open},
    known_setting{"tcp_fastopen_key", whatever},
    known_setting{"tcp_fack", whatever},  // Linux has forgotten it
    known_setting{"tcp_moderate_rcvbuf", whatever},
    known_setting{"tcp_no_metrics_save", whatever},
    known_setting{"tcp_min_tso_segs", whatever},  // segments of any size are compared as one
    known_setting{"tcp_tso_win_divisor", whatever},
    known_setting{"tcp_pacing_ss_ratio", whatever},
    known_setting{"tcp_pacing_ca_ratio", whatever},
    known_setting{"tcp_limit_output_bytes", whatever},
    known_setting{"tcp_notsent_lowat", only<4294967295>},
};

}  // namespace

void apply_sysctl(std::string_view key, std::string_view value, host_settings& settings) {
  std::string_view name = key;
  for (const std::string_view prefix : {"/proc/sys/", "net.ipv4.", "net/ipv4/"}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  if (name == "net.mptcp.enabled") return;
  for (const known_setting& each : settings_known) {
    if (each.key != name) continue;
    try {
      return each.set(value, settings);
    } catch (const unsupported& reason) {
      throw unsupported(std::string(reason.what()) + " of " + std::string(key));
    }
  }
  throw unsupported("the setting " + std::string(key));
}

}  // namespace pentad::packet_scripts
