// Who is on the server and on which channels, and how lines reach them. Commands are made of these
// steps; each leaves the whole consistent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/line_writer.hpp"
#include "apps/messenger/irc/numeric.hpp"
#include "apps/messenger/server/broadcast.hpp"
#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/client.hpp"
#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/guard.hpp"
#include "apps/messenger/server/labeled_response.hpp"
#include "apps/messenger/server/machine_work.hpp"
#include "apps/messenger/server/name_table.hpp"
#include "apps/messenger/server/nick_history.hpp"
#include "apps/messenger/server/recent_messages.hpp"
#include "apps/messenger/server/watch_list.hpp"

namespace pentad::messenger {

/// How many people there are.
struct head_count {
  std::size_t connected = 0;  ///< clients that are not closing
  std::size_t registered = 0;
  std::size_t invisible = 0;  ///< of the registered
  std::size_t operators = 0;  ///< of the registered
  std::size_t most = 0;       ///< registered at once, ever
  std::size_t most_connected = 0;
  std::uint64_t connections = 0;  ///< ever
};

/// What all connections have carried, those that have ended included.
struct all_traffic {
  traffic heard;
  traffic sent;
};

class network {
 public:
  /// `settings` must outlive the network; the seed is for its hashes. `keeper` as `guard` says.
  network(const configuration& settings, std::uint64_t seed, moment start, housekeeping* keeper);

  const configuration& settings() const noexcept { return settings_; }
  const limits& limit() const noexcept { return settings_.limit; }
  guard& door() noexcept { return door_; }
  moment started() const noexcept { return started_; }
  moment now() const noexcept { return now_; }
  void set_time(moment now) noexcept { now_ = now; }

  // People

  client& add(transport& by, std::string_view host);

  /// Forgets a client that is closing.
  void remove(client& closed) noexcept;

  /// Ends a client's session: those who share a channel with it see it quit, and it gets an ERROR
  /// with the reason as its last line. A client that is closing stays so.
  void drop(client& who, std::string_view reason);

  /// Drops those whose send queues overflowed, also by what the dropping says to others.
  void drop_doomed();

  /// One of those who were dropped since they were last taken, or null.
  client* take_dropped() noexcept;

  /// A registered client, or null.
  client* find_person(std::string_view nick) const;

  /// Gives a client a nick, or returns false when somebody else has it. Tells nobody.
  bool take_nick(client& who, std::string_view nick);

  /// The registration of a client is complete.
  void admit(client& who);

  void set_invisible(client& who, bool invisible) noexcept;
  void set_oper(client& who, bool oper) noexcept;

  /// Gives a registered client another user name and host, and tells those who asked for such news
  /// (IRCv3 "chghost").
  void set_user_host(client& who, std::string_view user, std::string_view host);

  /// Logs a client in to an account, or out when it is null, and tells it and those who asked for
  /// such news (IRCv3 "account-notify").
  void set_account(client& who, std::shared_ptr<const account> belongs_to);

  const nick_history& past_nicks() const noexcept { return past_nicks_; }

  watch_list& watches() noexcept { return watches_; }
  const watch_list& watches() const noexcept { return watches_; }

  const head_count& count() const noexcept { return count_; }
  all_traffic all_traffic_so_far() const noexcept;
  std::span<const std::unique_ptr<client>> clients() const noexcept { return clients_; }

  // Channels

  /// Null when nobody is on such a channel.
  channel* find_channel(std::string_view name) const;

  /// A new channel, which must get its first member at once. There must be none of that name.
  channel& open_channel(std::string_view name);

  /// Takes a member out of a channel, which ends with its last one. Tells nobody.
  void leave(client& who, channel& where);

  /// Gives a channel another name, which no other channel has. Tells nobody.
  void rename(channel& where, std::string_view name);

  auto& channels() const noexcept { return channels_; }

  // Output

  /// Begins a line in memory that all lines share: it is gone when the next one begins.
  irc::line_writer begin_line();

  /// Ends that line at the limit for lines, and returns it.
  std::string_view end_line(irc::line_writer& line);

  /// A line that is ended, as one that `from` sent: it says what its tags are to say of a sender.
  broadcast sent_by(const client& from, std::string_view line, line_tags tags = {}) const;

  /// A numeric reply; the parameters are those after the client's name.
  void reply(client& to, const irc::numeric& what, std::span<const std::string_view> parameters);
  void reply(client& to, const irc::numeric& what,
             std::initializer_list<std::string_view> parameters = {}) {
    reply(to, what, std::span{parameters.begin(), parameters.size()});
  }

  /// A standard reply (IRCv3 "Standard Replies"): `FAIL COMMAND CODE CONTEXT... :DESCRIPTION`.
  void fail(client& to, std::string_view command, std::string_view code,
            std::initializer_list<std::string_view> context, std::string_view description);

  /// Whether there is room for long answers: a client that does not read gets them cut short.
  bool has_room(const client& to) const noexcept;

  /// Bytes that the last parameter of such a reply has room for.
  std::size_t room_in_reply(const client& to, std::initializer_list<std::string_view> before) const;

  /// A NOTICE of the server's.
  void notice(client& to, std::string_view text);

  /// A line for one client.
  void send(client& to, std::string_view line);

  /// A line for one of many.
  void deliver(client& to, broadcast& what);

  void deliver(const channel& to, broadcast& what, const client* except = nullptr);

  /// To those members who have the capability, and `otherwise` to the others.
  void deliver(const channel& to, irc::capability wanted, broadcast& what, broadcast* otherwise,
               const client* except = nullptr);

  /// A line that is no part of the answer to what its receiver has just said.
  void deliver_unasked(client& to, broadcast& what);

  /// To all who share a channel with `who`, once each, and not to `who`.
  void deliver_to_neighbours(const client& who, broadcast& what);

  /// To those who share a channel with `who` or monitor it, have the capability, and are not `who`,
  /// once each (IRCv3 "extended-monitor").
  void deliver_to_observers(const client& who, irc::capability wanted, broadcast& what);

  /// What is said to the client until `end_response` becomes the answer to a labelled command.
  void begin_response(const client& to, std::string_view label) { response_.begin(to, label); }
  void end_response(client& to);

  /// The answer to what `from` has just said goes on when some work of the machine is done.
  late_answer answer_later(const client& from);

  /// Goes on with it until `end_response`; null when the client has gone.
  client* resume(late_answer& later);

  // What the machine is to do

  machine_work& ban_keeping() noexcept { return ban_keeping_; }
  const machine_work& ban_keeping() const noexcept { return ban_keeping_; }
  machine_work& reloading() noexcept { return reloading_; }
  const machine_work& reloading() const noexcept { return reloading_; }

  /// A NOTICE for every operator who is here.
  void notice_operators(std::string_view text);

  recent_messages& messages() noexcept { return messages_; }

  /// How often each command was given, in the order of `commands`.
  void count_use(std::size_t index) {
    if (uses_.size() <= index) uses_.resize(index + 1);
    ++uses_[index];
  }
  std::span<const std::uint64_t> uses() const noexcept { return uses_; }

  bool has_dirty() const noexcept { return !dirty_.empty(); }

  /// Tells the transport of every client that has something new.
  void flush();

  /// Lets the transport look at the client at the next flush.
  void mark_dirty(client& who);

 private:
  static std::string_view nick_of(client* const& one) noexcept { return one->self.nick; }
  static std::string_view name_of(const std::unique_ptr<channel>& one) noexcept {
    return one->name();
  }

  void doom(client& who);
  void push(client& to, const shared_line& line);
  void append(client& to, std::string_view text);
  void append_tagged(client& to, std::string_view tag, std::string_view text);
  std::string_view tagged(const client& to, std::string_view line);
  void tell_watchers(std::string_view nick, const irc::numeric& what, std::string_view text);
  void forget_nick(client& who);

  const configuration& settings_;
  guard door_;
  const moment started_;
  moment now_;
  std::vector<std::unique_ptr<client>> clients_;
  name_table<client*, nick_of> nicks_;  // taken at NICK, before the registration is complete
  name_table<std::unique_ptr<channel>, name_of> channels_;
  watch_list watches_;
  nick_history past_nicks_{limits::past_nicks};
  recent_messages messages_;
  head_count count_;
  all_traffic past_;  // of connections that have ended
  std::string line_;
  std::string tagged_;  // the memory of a line with tags
  labeled_response response_;
  machine_work ban_keeping_;
  machine_work reloading_;
  std::vector<client*> dirty_;
  std::vector<client*> attended_;  // the memory of the dirty list of the last flush
  std::vector<client*> doomed_;
  std::vector<client*> dropped_;
  std::uint64_t broadcasts_ = 0;
  std::vector<std::uint64_t> uses_;
  std::uint64_t channels_opened_ = 0;
  std::uint64_t batches_ = 0;
};

}  // namespace pentad::messenger
