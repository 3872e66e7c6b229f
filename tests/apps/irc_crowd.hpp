// A few clients who do what a script of bytes says, and who all check what they hear. Any bytes are
// a script.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/apps/irc_believer.hpp"
#include "tests/apps/irc_invariants.hpp"
#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {

class crowd {
 public:
  crowd() : at_(settings()) {}
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  /// Returns what went wrong; empty: nothing.
  std::string plays(std::span<const std::uint8_t> script) {
    for (; script.size() >= 4; script = script.subspan(4)) {
      if (std::string wrong = does(script[0], script[1], script[2], script[3]); !wrong.empty()) {
        return wrong;
      }
    }
    return ends();
  }

 private:
  struct guest {
    person* there = nullptr;
    believer belief;
  };

  static configuration settings() {
    configuration made = meeting::unlimited();
    made.operators = {{"root", "secret", "*@*"}};
    made.limit.channels_per_client = 3;
    return made;
  }

  std::string does(std::uint8_t who, std::uint8_t what, std::uint8_t a, std::uint8_t b) {
    guest& actor = guests_[who % guests_.size()];
    if (actor.there == nullptr) {
      comes(actor, a, b);
    } else if (what >= 250) {
      loses(actor);
    } else if (what >= 247) {
      at_.passes(std::chrono::seconds{a % 90});
    } else {
      last_ = line(what, a, b);
      actor.there->says((who & 0x80) != 0 ? "@label=x;+tag=y " + last_ : last_);
    }
    at_.desk().flush();
    return listens();
  }

  void comes(guest& one, std::uint8_t capabilities, std::uint8_t more) {
    one.there = &at_.enters();
    one.belief = {};
    one.there->says("CAP REQ :" + capability_list(capabilities, more));
    const auto number = static_cast<std::size_t>(&one - guests_.data());
    one.there->says("NICK p" + std::to_string(number) + (more % 2 == 0 ? "x" : "y"));
    one.there->says("USER u 0 * :Somebody");
    one.there->says("CAP END");
    last_ = "comes";
  }

  void loses(guest& one) {
    last_ = "goes";
    one.there->goes();
    one.there = nullptr;
  }

  static std::string capability_list(std::uint8_t first, std::uint8_t second) {
    const unsigned wanted = first * 256U + second;
    std::string list{"server-time"};
    std::size_t index = 0;
    for (const irc::capability_name& one : irc::capabilities()) {
      if ((wanted >> (index++ % 16) & 1U) != 0) list.append(" ").append(one.name);
    }
    return list;
  }

  static std::string name(std::uint8_t number) {
    return "p" + std::to_string(number % 6) + (number % 12 < 6 ? "x" : "y");
  }
  static std::string room(std::uint8_t number) {
    constexpr std::array<std::string_view, 5> rooms{"#one", "#two", "#Three", "#ONE", "#four"};
    return std::string{rooms[number % rooms.size()]};
  }

  /// What the guests can say. Where it takes a name, `a` and `b` choose it.
  static std::string line(std::uint8_t what, std::uint8_t a, std::uint8_t b) {
    constexpr std::array<std::string_view, 8> edits{"+i",   "-i-n",     "+m",     "+l 2",
                                                    "+s-t", "+k-l key", "-k key", "-ms+t"};
    constexpr std::array<std::string_view, 6> masks{"+b", "-b", "+e", "-e", "+I", "-I"};
    switch (what % 40) {
      case 0:
      case 1:
      case 2:
      case 3:
        return "JOIN " + room(a);
      case 4:
        return "JOIN " + room(a) + "," + room(b) + " key";
      case 5:
        return "JOIN 0";
      case 6:
      case 7:
        return "PART " + room(a) + " :gone";
      case 8:
      case 9:
        return "KICK " + room(a) + " " + name(b) + "," + name(a);
      case 10:
        return "INVITE " + name(b) + " " + room(a);
      case 11:
        return "MODE " + room(a) + " " + std::string{edits[b % edits.size()]};
      case 12:
        return "MODE " + room(a) + " " + std::string{masks[b % masks.size()]} + " " + name(a);
      case 13:
        return "MODE " + room(a) + (b % 2 == 0 ? " +ov " : " -o+v ") + name(b) + " " + name(b);
      case 14:
      case 15:
        return "NICK " + name(a);
      case 16:
        return "TOPIC " + room(a) + " :about " + name(b);
      case 17:
        return "PRIVMSG " + room(a) + "," + name(b) + " :hello";
      case 18:
        return "NOTICE @" + room(a) + ",+" + room(b) + " :ranks";
      case 19:
        return "TAGMSG " + room(a) + "," + name(b);
      case 20:
        return b % 2 == 0 ? "AWAY :out" : "AWAY";
      case 21:
        return "MONITOR + " + name(a) + "," + name(b);
      case 22:
        return "MONITOR - " + name(a);
      case 23:
        return b % 2 == 0 ? "MONITOR C" : "MONITOR S";
      case 24:
        return "SETNAME :" + name(b);
      case 25:
      case 26:
        return "RENAME " + room(a) + " " + room(b) + " :why";
      case 27:
        return "REDACT " + room(a) + " 1331d0e88a4-" + std::to_string(b);
      case 28:
        return "LIST";
      case 29:
        return "WHO " + (b % 2 == 0 ? room(a) + " %tcuihsnfdlaor,1" : std::string{"*"});
      case 30:
        return "WHOIS " + name(a);
      case 31:
        return "WHOWAS " + name(a);
      case 32:
        return "NAMES " + room(a);
      case 33:
        return "OPER root secret";
      case 34:
        return "KILL " + name(a) + " :no";
      case 35:
        return "CHGHOST " + name(a) + " user" + std::to_string(b % 3) + " host.test";
      case 36:
        return "MODE " + name(a) + (b % 2 == 0 ? " +iwB" : " -iwBo");
      case 37:
        return "WALLOPS :all";
      case 38:
        return b % 8 == 0 ? "QUIT :bye" : "LUSERS";
      default:
        return "CAP REQ :" + std::string{b % 2 == 0 ? "-" : ""} + "echo-message";
    }
  }

  /// Everybody takes in what came, and believes the truth after that.
  std::string listens() {
    for (guest& one : guests_) {
      if (one.there == nullptr) continue;
      for (const std::string& heard : one.there->hears()) {
        if (std::string wrong = one.belief.hears(heard); !wrong.empty()) {
          return complaint(one, wrong + ": " + heard);
        }
      }
      if (one.there->session().closing()) {
        one.there->goes();
        one.there = nullptr;
      }
    }
    if (!consistent(at_.state())) return "inconsistent after " + last_;
    for (const guest& one : guests_) {
      if (one.there == nullptr) continue;
      if (std::string wrong = one.belief.differs_from(one.there->session()); !wrong.empty()) {
        return complaint(one, wrong);
      }
    }
    return {};
  }

  std::string complaint(const guest& one, const std::string& wrong) const {
    return "after " + last_ + ", " + std::string{one.belief.nick()} + " " + wrong;
  }

  /// When all have gone, nothing is left.
  std::string ends() {
    for (guest& one : guests_) {
      if (one.there == nullptr) continue;
      loses(one);
      if (std::string wrong = listens(); !wrong.empty()) return wrong;
    }
    const network& state = at_.state();
    const bool empty = state.clients().empty() && state.channels().size() == 0 &&
                       state.watches().size() == 0 && state.count().connected == 0 &&
                       state.count().operators == 0 && at_.desk().next_deadline() == never;
    return empty ? "" : "something is left when all have gone";
  }

  meeting at_;
  std::array<guest, 6> guests_;
  std::string last_;
};

}  // namespace pentad::messenger::testing
