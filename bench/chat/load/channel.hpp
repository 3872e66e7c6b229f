// All clients on one channel.
#pragma once

#include <cstdint>

#include "clients.hpp"

constexpr std::string_view channel_name = "#bench";

/// Lets all clients join at once and waits until each has its list of names and has seen all who
/// joined after it.
inline void join_channel(clients& crowd) {
  const std::uint64_t count = crowd.count();
  std::uint64_t lists = 0;
  std::uint64_t joins = 0;
  const std::string line = "JOIN " + std::string{channel_name} + "\r\n";
  const auto heard = [&](unsigned, std::string_view text) {
    const std::string_view command = command_of(text);
    if (command == "JOIN") ++joins;
    if (command == "366") ++lists;
  };
  for (unsigned who = 0; who < count; ++who) {
    crowd.send(who, line);
    if (who % 16 == 15) crowd.take_in(heard);
  }
  while (lists < count || joins < count * (count + 1) / 2) crowd.take_in(heard);
}
