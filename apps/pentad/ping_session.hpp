// Echo requests that go out at a pace, and what comes back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/pentad/echo_ledger.hpp"
#include "apps/pentad/icmp_socket.hpp"
#include "apps/pentad/ping_report.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::command {

struct ping_settings {
  std::uint64_t count = 0;  ///< requests; 0: without end
  duration interval{};
  duration patience{};         ///< how long an answer may take
  std::size_t data_bytes = 0;  ///< behind the ICMP header
};

class ping_session {
 public:
  ping_session(host& here, icmp_socket socket, const ip_address& target,
               const ping_settings& settings, const ping_report& report, output_stream& output);

  /// Asks, and prints what comes back, until all has been answered or given up.
  task<> run();

  [[nodiscard]] const echo_ledger& ledger() const noexcept { return ledger_; }

 private:
  task<> ask(scope& all);
  task<> hear_replies(scope& all);
  task<> hear_errors(scope& all);
  task<> give_up_late_ones(scope& all);

  task<result<void>> send(std::uint16_t sequence);
  task<> print(std::string line, scope& all);
  bool is_over() noexcept { return has_asked_all_ && !ledger_.oldest_waiting(); }

  host& here_;
  icmp_socket socket_;
  ip_address target_;
  ping_settings settings_;
  const ping_report& report_;
  output_stream& output_;
  echo_ledger ledger_;
  std::vector<std::byte> data_;
  std::vector<std::byte> request_;
  bool has_asked_all_ = false;
};

}  // namespace pentad::command
