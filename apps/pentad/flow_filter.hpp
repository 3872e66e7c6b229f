// Which flows a user asks for.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/five_tuple_filter.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// All of its parts must match. Without parts it matches all.
class flow_filter {
 public:
  /// Adds a part: a quintuple with `*`, `state=NAME`, or `process=NAME` or its number. The error is
  /// a sentence about what is wrong with `text`.
  std::expected<void, std::string> add(std::string_view text);

  /// Leaves those that wait for anybody: listeners, and bound sockets of datagrams without a peer.
  void listening_only() noexcept { listening_only_ = true; }

  bool matches(const flow& x) const;

 private:
  struct part {
    std::optional<five_tuple_filter> tuple;
    std::optional<flow_state> state;
    std::string process;  ///< empty: none

    bool matches(const flow& x) const;
  };

  std::vector<part> parts_;
  bool listening_only_ = false;
};

}  // namespace pentad::command
