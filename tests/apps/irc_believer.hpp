// What a client must believe about channels, from nothing but the lines that it hears. Whoever is
// told too little or too much believes something wrong.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/message.hpp"
#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/client.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger::testing {

/// Names are kept in lower case.
class believer {
 public:
  /// Takes in a line. Returns what is wrong with it; empty: nothing.
  std::string hears(std::string_view line) {
    const auto read = irc::parse(line, irc::from_server);
    if (!read) return "cannot be read";
    from_ = lower(read->source.substr(0, read->source.find('!')));
    const irc::parameter_list& all = read->parameters;
    const std::string_view what = read->command;
    if (what == "001") nick_ = lower(all.get(0));
    if (what == "353") return hears_names(lower(all.get(2)), all.get(3));
    if (what == "366") return ends_names(lower(all.get(1)));
    if (what == "JOIN") return hears_join(lower(all.get(0)));
    if (what == "PART") return hears_leave(lower(all.get(0)), from_);
    if (what == "KICK") return hears_leave(lower(all.get(0)), lower(all.get(1)));
    if (what == "QUIT") return hears_quit();
    if (what == "NICK") return hears_nick(lower(all.get(0)));
    if (what == "RENAME") return hears_rename(lower(all.get(0)), lower(all.get(1)));
    if (what == "INVITE") return hears_invite(lower(all.get(0)), lower(all.get(1)));
    if (what == "PRIVMSG" || what == "NOTICE" || what == "TAGMSG" || what == "TOPIC" ||
        what == "MODE" || what == "REDACT") {
      return hears_message(lower(all.get(0)));
    }
    return {};
  }

  /// What differs between the belief and the truth; empty: nothing.
  std::string differs_from(const client& truth) const {
    if (!truth.registered()) return {};
    if (nick_ != lower(truth.self.nick)) return "is called " + truth.self.nick + ", not " + nick_;
    if (channels_.size() != truth.seats.size()) return "is on another number of channels";
    for (const seat& mine : truth.seats) {
      const auto found = channels_.find(lower(mine.where->name()));
      if (found == channels_.end()) return "does not know to be on " + mine.where->name();
      if (!found->second.complete) continue;
      std::set<std::string> members;
      for (const member& one : mine.where->members()) members.insert(lower(one.who->self.nick));
      if (members != found->second.members) return "knows other members of " + mine.where->name();
    }
    return {};
  }

  std::string_view nick() const noexcept { return nick_; }

 private:
  struct room {
    bool complete = false;  ///< NAMES has told of all members
    std::set<std::string> members;
  };

  static std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), irc::folded);
    return out;
  }

  std::string hears_names(const std::string& channel, std::string_view names) {
    while (const auto item = next_item(names, ' ')) {
      const std::string_view name =
          item->substr(std::min(item->find_first_not_of("@+"), item->size()));
      named_[channel].insert(lower(name.substr(0, name.find('!'))));
    }
    return {};
  }

  std::string ends_names(const std::string& channel) {
    if (const auto found = channels_.find(channel); found != channels_.end()) {
      found->second.members = named_[channel];
      found->second.complete = true;
    }
    named_.erase(channel);
    return {};
  }

  std::string hears_join(const std::string& channel) {
    if (from_ == nick_) {
      return channels_.try_emplace(channel).second ? "" : "joined twice";
    }
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return "hears of a JOIN elsewhere";
    if (!found->second.members.insert(from_).second) return "hears of a second JOIN";
    return {};
  }

  std::string hears_leave(const std::string& channel, const std::string& who) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return "hears of a departure elsewhere";
    if (who == nick_) {
      channels_.erase(found);
      return {};
    }
    const bool was_there = found->second.members.erase(who) > 0;
    return was_there || !found->second.complete ? "" : "hears that somebody left who was not there";
  }

  std::string hears_quit() {
    bool was_there = false;
    for (auto& [name, one] : channels_) {
      was_there = one.members.erase(from_) > 0 || !one.complete || was_there;
    }
    return was_there ? "" : "hears of the QUIT of a stranger";
  }

  std::string hears_nick(const std::string& now) {
    bool was_there = from_ == nick_;
    for (auto& [name, one] : channels_) {
      const bool here = one.members.erase(from_) > 0;
      if (here) one.members.insert(now);
      was_there = was_there || here || !one.complete;
    }
    if (from_ == nick_) nick_ = now;
    return was_there ? "" : "hears of the NICK of a stranger";
  }

  std::string hears_rename(const std::string& before, const std::string& now) {
    auto moved = channels_.extract(before);
    if (moved.empty()) return "hears of a RENAME elsewhere";
    moved.key() = now;
    return channels_.insert(std::move(moved)).inserted ? "" : "hears of a RENAME to a taken name";
  }

  std::string hears_invite(const std::string& guest, const std::string& channel) {
    const bool mine = guest == nick_;
    return mine || channels_.contains(channel) ? "" : "hears of an INVITE elsewhere";
  }

  std::string hears_message(std::string_view target) {
    if (target.starts_with('@') || target.starts_with('+')) target.remove_prefix(1);
    if (from_ == nick_) return {};  // the echo of what came from outside, too
    if (!target.starts_with('#')) return target == nick_ ? "" : "hears what is for somebody else";
    return channels_.contains(std::string{target}) ? "" : "hears what is said elsewhere";
  }

  std::string nick_;
  std::string from_;  // of the line that is being taken in
  std::map<std::string, room, std::less<>> channels_;
  std::map<std::string, std::set<std::string>> named_;  // by NAMES that has not ended
};

}  // namespace pentad::messenger::testing
