// The lines of `ping`, for people or as JSON.
#pragma once

#include <string>
#include <string_view>

#include "apps/pentad/echo_ledger.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/socket/raw_socket.hpp"

namespace pentad::command {

class ping_report {
 public:
  /// `name` is what the user wrote for `target`, and must outlive the report.
  ping_report(std::string_view name, const ip_address& target, bool as_json)
      : name_(name), target_(target), as_json_(as_json) {}

  // Each gives a line with its end, or nothing where the form has none.

  [[nodiscard]] std::string beginning(std::size_t data_bytes) const;
  [[nodiscard]] std::string reply(const received_datagram& from,
                                  const echo_ledger::answer& answer) const;
  [[nodiscard]] std::string error(std::uint64_t number, const datagram_error& error) const;
  [[nodiscard]] std::string lost(std::uint64_t number, duration patience) const;
  [[nodiscard]] std::string statistics(const echo_ledger& ledger) const;

 private:
  std::string_view name_;
  ip_address target_;
  bool as_json_;
};

}  // namespace pentad::command
