// A channel: its name, topic and modes, and who is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/server/mask_list.hpp"
#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger {

class channel;
struct client;

/// What a member may do; one may be both.
struct member_rank {
  bool op = false;
  bool voice = false;

  /// Before a nick in NAMES, WHO and WHOIS: the highest rank alone.
  constexpr std::string_view prefix() const noexcept { return op ? "@" : voice ? "+" : ""; }

  /// All ranks, the highest first, for those who asked for that (IRCv3 "multi-prefix").
  constexpr std::string_view prefixes() const noexcept { return op && voice ? "@+" : prefix(); }
};

/// Membership as the channel sees it.
struct member {
  client* who;
  member_rank rank;
};

/// Membership as the client sees it.
struct seat {
  channel* where;
  std::size_t position;  ///< of the client among the channel's members
};

struct channel_modes {
  bool invite_only = false;      ///< i: joined by those who were invited
  bool moderated = false;        ///< m: only ranks speak
  bool no_external = true;       ///< n: only members speak
  bool secret = false;           ///< s: others do not see it
  bool protected_topic = true;   ///< t: only operators set the topic
  std::string key;               ///< k: needed to join, unless empty
  std::size_t member_limit = 0;  ///< l: joined by so many at most, unless 0
};

struct channel_topic {
  std::string text;  ///< empty: none is set
  std::string set_by;
  wall_time set_at;
};

class channel {
 public:
  /// `number` tells it from all other channels, also those of the same name before and after.
  channel(std::string_view name, std::uint64_t number, wall_time created)
      : name_(name), number_(number), created_(created) {}
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  const std::string& name() const noexcept { return name_; }
  std::uint64_t number() const noexcept { return number_; }
  wall_time created() const noexcept { return created_; }

  /// In no particular order.
  std::span<const member> members() const noexcept { return members_; }

  /// Null for those who are not in the channel. Takes as long as the client is in channels.
  member* find(const client& who) noexcept;
  const member* find(const client& who) const noexcept;

  /// The two functions that change membership, on both sides. `who` must not be in the channel
  /// before `add`, and must be in it before `remove`.
  void add(client& who, member_rank rank);
  void remove(client& who) noexcept;

  /// It must not be in a table under its name meanwhile.
  void rename(std::string_view name) { name_ = name; }

  channel_modes modes;
  channel_topic topic;
  mask_list bans;               ///< b
  mask_list ban_exceptions;     ///< e: not banned, whatever the bans say
  mask_list invite_exceptions;  ///< I: need no invitation

 private:
  std::string name_;
  std::uint64_t number_;
  wall_time created_;
  std::vector<member> members_;
};

}  // namespace pentad::messenger
