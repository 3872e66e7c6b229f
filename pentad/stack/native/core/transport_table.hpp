// The transports of a host by their protocol.
#pragma once

#include <utility>
#include <vector>

#include "pentad/stack/native/core/ip_packet.hpp"

namespace pentad::native {

class transport_table {
 public:
  /// One for each protocol; it must outlive the table.
  void add(ip_protocol protocol, transport& added) { transports_.emplace_back(protocol, &added); }

  /// Null if there is none.
  transport* find(ip_protocol protocol) const noexcept {
    for (const auto& [own, each] : transports_) {
      if (own == protocol) return each;
    }
    return nullptr;
  }

 private:
  std::vector<std::pair<ip_protocol, transport*>> transports_;
};

}  // namespace pentad::native
