// What is true of the network's state whatever happened before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

#include "apps/messenger/server/network.hpp"

namespace pentad::messenger::testing {

/// Membership is symmetric, nobody is on a channel who should not be, no channel is empty, names
/// find those who have them, and the counts are right.
inline bool consistent(const network& state) {
  std::size_t seats = 0;
  std::size_t connected = 0;
  std::size_t registered = 0;
  std::size_t invisible = 0;
  for (const std::unique_ptr<client>& one : state.clients()) {
    seats += one->seats.size();
    connected += one->closing() ? 0 : 1;
    registered += one->registered() ? 1 : 0;
    invisible += one->invisible ? 1 : 0;
    if (!one->registered() && (!one->seats.empty() || one->invisible)) return false;
    if (one->seats.size() > state.limit().channels_per_client) return false;
    if (one->registered() && state.find_person(one->self.nick) != one.get()) return false;
    if (!one->closing() && one->output.bytes() > state.limit().send_queue) return false;
    for (const seat& mine : one->seats) {
      if (mine.position >= mine.where->members().size()) return false;
      if (mine.where->members()[mine.position].who != one.get()) return false;
      if (std::ranges::count(one->seats, mine.where, &seat::where) != 1) return false;
    }
  }
  std::size_t members = 0;
  for (const std::unique_ptr<channel>& one : state.channels()) {
    members += one->members().size();
    if (one->members().empty()) return false;
    if (state.find_channel(one->name()) != one.get()) return false;
  }
  const head_count& count = state.count();
  return seats == members && count.connected == connected && count.registered == registered &&
         count.invisible == invisible && count.most >= registered;
}

}  // namespace pentad::messenger::testing
