// The multicast groups of one IP version that an interface takes packets of, and what the routers
// of its link are told of them: changes when they happen, and answers to queries (RFC 3376 and RFC
// 3810 as hosts; RFC 2236, RFC 2710 and RFC 1112 where a querier is that old).
#pragma once

#include <list>
#include <optional>
#include <span>
#include <vector>

#include "pentad/stack/native/core/context.hpp"
#include "pentad/wire/group_messages.hpp"

namespace pentad::native {

class interface;

/// A record with the sources that it needs.
struct group_state {
  wire::group_record_type type;
  ip_address group;
  std::vector<ip_address> sources;
};

/// Groups are without a scope. All that is held is held for sockets and addresses of this host,
/// which have bounds of their own, and for queries about them.
class joined_groups {
 public:
  joined_groups(context& shared, interface& link, ip_version version) noexcept;
  joined_groups(const joined_groups&) = delete;
  joined_groups& operator=(const joined_groups&) = delete;
  ~joined_groups();

  /// One more who hears the group, from all or from one source.
  void join(const ip_address& group, const std::optional<ip_address>& source = {});
  /// One less; it has joined in the same way.
  void leave(const ip_address& group, const std::optional<ip_address>& source = {});
  bool contains(const ip_address& group) const noexcept;

  /// A router asks: the answer comes after a random time.
  void heard(const wire::group_query& query);
  /// Another host has told of a group: where one report is enough, it need not be told again.
  void heard(const wire::group_notice& notice) noexcept;

  /// Reports everything as if it were new.
  void report_again();

  /// Whether something has changed of which nothing has been said yet.
  bool has_news() const noexcept { return has_news_; }

  /// What the routers of the link speak: the oldest protocol heard not long ago.
  wire::group_protocol protocol() const noexcept;

 private:
  struct source {
    ip_address address;
    unsigned members = 0;  // none, and it is to be said that it is gone
    unsigned reports = 0;  // how often its change is still to be said
  };

  // Armed while a query about it waits for its answer.
  struct joined : timer_node {
    joined(joined_groups& owner_, const ip_address& group_) noexcept
        : owner(owner_), group(group_) {}

    bool excludes() const noexcept { return members != 0; }
    bool exists() const noexcept;
    bool has_changes() const noexcept;
    std::vector<ip_address> heard_sources() const;
    group_state state() const;

    joined_groups& owner;
    ip_address group;
    unsigned members = 0;  // that hear all sources
    unsigned reports = 0;  // how often the change to or from all sources is still to be said
    std::vector<source> sources;
    bool was_told_by_us = false;    // RFC 2236, section 3: the last report was ours
    bool all_asked = false;         // the query is not about some sources alone
    std::vector<ip_address> asked;  // else these
  };

  struct timer : timer_node {
    joined_groups* owner = nullptr;
  };

  bool is_reported(const ip_address& group) const noexcept;
  joined* find(const ip_address& group) noexcept;
  void changed(joined& group);
  void note_changes(joined& group) noexcept;
  void report_changes();
  void take_changes(joined& from, std::vector<group_state>& records);
  void tell_in_old_words(joined& about);
  void forget_what_is_gone();

  void note_querier(const wire::group_query& query);
  void follow_protocol();
  void ask_all(duration response_time);
  void ask(joined& about, const wire::address_list& sources, duration after);
  void answer(joined& about);
  void answer_all();
  duration random_delay(duration most) noexcept;

  context& context_;
  interface& link_;
  const ip_version version_;
  std::list<joined> all_;
  timer changes_;  // when they are said, or said again
  timer general_;  // when the answer to a general query is due
  bool has_news_ = false;
  unsigned robustness_;
  duration query_interval_;
  instant first_until_{};  // for how long queriers of older protocols are minded
  instant second_until_{};
  wire::group_protocol followed_ = wire::group_protocol::third;
};

}  // namespace pentad::native
