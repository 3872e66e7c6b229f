// LIST: which channels there are, with the conditions of ELIST=CMNTU (ISUPPORT).

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// One condition of LIST: of the number of members, `>3` and `<3`; of the minutes since the channel
/// or its topic was made, `C>5` and `T<5`; of the name, `mask*` and `!mask*`.
class list_condition {
 public:
  explicit list_condition(std::string_view text) {
    std::string_view rest = text;
    if (!rest.empty() && (rest[0] == 'C' || rest[0] == 'T') && rest.size() > 1) {
      kind_ = rest[0];
      rest.remove_prefix(1);
    }
    if (rest.starts_with('<') || rest.starts_with('>')) {
      above_ = rest[0] == '>';
      const auto read = std::from_chars(rest.data() + 1, rest.data() + rest.size(), number_);
      if (read.ec == std::errc{} && read.ptr == rest.data() + rest.size()) return;
    }
    kind_ = 'M';
    mask_ = text;
    if (mask_.starts_with('!')) {
      kind_ = 'N';
      mask_.remove_prefix(1);
    }
  }

  bool holds(const channel& where, wall_time now) const noexcept {
    switch (kind_) {
      case 'M':
        return irc::matches_mask(mask_, where.name());
      case 'N':
        return !irc::matches_mask(mask_, where.name());
      case 'C':
        return compares(minutes(where.created(), now));
      case 'T':
        return !where.topic.text.empty() && compares(minutes(where.topic.set_at, now));
      default:
        return compares(static_cast<std::int64_t>(where.members().size()));
    }
  }

 private:
  static std::int64_t minutes(wall_time since, wall_time now) noexcept {
    return std::chrono::floor<std::chrono::minutes>(now - since).count();
  }
  bool compares(std::int64_t value) const noexcept {
    return above_ ? value > number_ : value < number_;
  }

  char kind_ = 'U';
  bool above_ = false;
  std::int64_t number_ = 0;
  std::string_view mask_;
};

/// The conditions that LIST was given; they all have to hold.
class list_query {
 public:
  /// Exact names are found without looking at all channels.
  void add(std::string_view text) {
    while (const std::optional<std::string_view> item = next_item(text)) {
      if (irc::names_channel(*item) && !irc::is_mask(*item)) {
        names_.push_back(*item);
      } else {
        conditions_.emplace_back(*item);
      }
    }
  }

  /// Returns false when not all could be told.
  bool answer(network& net, client& to) const {
    for (const std::string_view name : names_) {
      const channel* where = net.find_channel(name);
      if (where != nullptr && !tell(net, to, *where)) return false;
    }
    if (!names_.empty()) return true;
    for (const auto& one : net.channels()) {
      if (!tell(net, to, *one)) return false;
    }
    return true;
  }

 private:
  bool tell(network& net, client& to, const channel& where) const {
    if (!sees(to, where)) return true;
    for (const list_condition& one : conditions_) {
      if (!one.holds(where, net.now().wall)) return true;
    }
    if (!net.has_room(to)) return false;
    net.reply(to, irc::rpl_list, {where.name(), decimal{where.members().size()}, where.topic.text});
    return true;
  }

  std::vector<std::string_view> names_;
  std::vector<list_condition> conditions_;
};

}  // namespace

void handle_list(network& net, client& from, const irc::message& what) {
  list_query query;
  for (const std::string_view one : what.parameters) query.add(one);
  net.reply(from, irc::rpl_liststart, {"Channel"});
  if (!query.answer(net, from)) net.reply(from, irc::err_toomanymatches, {"LIST"});
  net.reply(from, irc::rpl_listend);
}

}  // namespace pentad::messenger
