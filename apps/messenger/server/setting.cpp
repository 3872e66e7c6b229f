#include "apps/messenger/server/setting.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "apps/messenger/server/setting_values.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

// ---- Numbers

template <auto Member>
auto& bound(auto& of) {
  return of.limit.*Member;
}

template <auto Member>
std::string show_number(const configuration& from) {
  return std::to_string(bound<Member>(from));
}

template <auto Member, std::int64_t Least, std::int64_t Most>
verdict set_number(const toml::node& value, configuration& into) {
  std::int64_t number = 0;
  if (verdict wrong = number_in(value, Least, Most, number)) return wrong;
  auto& field = bound<Member>(into);
  field = static_cast<std::remove_reference_t<decltype(field)>>(number);
  return {};
}

template <auto Member, std::int64_t Least, std::int64_t Most>
constexpr setting number(std::string_view name) {
  return {name, set_number<Member, Least, Most>, show_number<Member>};
}

template <auto Member>
constexpr setting seconds(std::string_view name) {
  return {name,
          [](const toml::node& value, configuration& into) -> verdict {
            std::int64_t count = 0;
            if (verdict wrong = number_in(value, 1, 86'400, count)) return wrong;
            bound<Member>(into) = std::chrono::seconds{count};
            return {};
          },
          [](const configuration& from) { return std::to_string(bound<Member>(from).count()); }};
}

template <auto Member, std::int64_t Least, std::int64_t Most>
constexpr setting line_bound(std::string_view name) {
  return {name,
          [](const toml::node& value, configuration& into) -> verdict {
            std::int64_t count = 0;
            if (verdict wrong = number_in(value, Least, Most, count)) return wrong;
            into.limit.line.*Member = static_cast<std::size_t>(count);
            return {};
          },
          [](const configuration& from) { return std::to_string(from.limit.line.*Member); }};
}

// ---- Texts

template <auto Member>
void copy(const configuration& from, configuration& into) {
  into.*Member = from.*Member;
}

template <auto Member>
std::string show_text(const configuration& from) {
  return quoted(from.*Member);
}

template <auto Member, std::size_t Most>
verdict set_line(const toml::node& value, configuration& into) {
  return line_in(value, Most, into.*Member);
}

template <auto Member>
constexpr setting file_name(std::string_view name) {
  return {name, set_line<Member, 4096>, show_text<Member>, false, copy<Member>};
}

/// Server names stand where spaces and colons would break a line, and the dot tells them from
/// nicks.
verdict set_name(const toml::node& value, configuration& into) {
  std::string name;
  if (verdict wrong = text_in(value, name)) return wrong;
  const bool fits = !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  });
  if (!fits || name.find('.') == name.npos) {
    return refuse(value,
                  "must be a name of letters, digits, '-' and at least one '.', such as "
                  "irc.example.org");
  }
  into.name = std::move(name);
  return {};
}

verdict set_network(const toml::node& value, configuration& into) {
  std::string name;
  if (verdict wrong = text_in(value, name)) return wrong;
  const bool printable = std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~'; });
  if (name.empty() || name.size() > 32 || !printable) {
    return refuse(value, "must be 1 to 32 characters of printable ASCII");
  }
  into.network = std::move(name);
  return {};
}

verdict set_motd(const toml::node& value, configuration& into) {
  std::string text;
  if (verdict wrong = text_in(value, text)) return wrong;
  into.motd.clear();
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_one_line(line)) {
      return refuse(value, "must not have control characters other than new lines");
    }
    into.motd.emplace_back(truncated_utf8(line, 400));
  }
  return {};
}

verdict set_admin(const toml::node& value, configuration& into) {
  std::vector<std::string> lines;
  const auto take = [&](const toml::node& item) {
    return line_in(item, 200, lines.emplace_back());
  };
  if (verdict wrong = list_in(value, "at most three lines", take)) return wrong;
  if (lines.size() > 3) return refuse(value, "must be a list of at most three lines");
  into.admin = std::move(lines);
  return {};
}

verdict set_listen(const toml::node& value, configuration& into) {
  constexpr auto wanted = R"(must be a list of addresses, such as ["127.0.0.1:6667"])";
  const toml::array* list = value.as_array();
  if (list == nullptr || list->empty()) return refuse(value, wanted);
  std::vector<std::string> addresses;
  for (const toml::node& item : *list) {
    const auto address = item.value_exact<std::string>();
    if (!address || address->empty()) return refuse(item, wanted);
    addresses.push_back(*address);
  }
  into.listen = std::move(addresses);
  return {};
}

/// Those that need no parameter.
verdict set_channel_modes(const toml::node& value, configuration& into) {
  std::string modes;
  if (verdict wrong = text_in(value, modes)) return wrong;
  constexpr std::string_view allowed = "imnst";
  if (modes.find_first_not_of(allowed) != modes.npos) {
    return refuse(value, "must be letters of \"" + std::string{allowed} + "\"");
  }
  into.channel_modes = std::move(modes);
  return {};
}

verdict set_cloak_key(const toml::node& value, configuration& into) {
  std::string key;
  if (verdict wrong = line_in(value, 300, key)) return wrong;
  if (!key.empty() && key.size() < 16) {
    return refuse(value, "must be empty or a secret of at least 16 bytes");
  }
  into.cloak_key = std::move(key);
  return {};
}

verdict set_cloak(const toml::node& value, configuration& into) {
  const auto wanted = value.value_exact<bool>();
  if (!wanted) return refuse(value, "must be true or false");
  into.cloak = *wanted;
  return {};
}

std::string show_motd(const configuration& from) {
  std::string text;
  for (const std::string& line : from.motd) text += line + "\\n";
  return quoted(text);
}

// ---- The file

constexpr std::array server_settings{
    setting{"name", set_name, show_text<&configuration::name>, false, copy<&configuration::name>},
    setting{"network", set_network, show_text<&configuration::network>},
    setting{"description", set_line<&configuration::description, 200>,
            show_text<&configuration::description>},
    setting{"password", set_line<&configuration::password, 300>,
            show_text<&configuration::password>, true},
    setting{"motd", set_motd, show_motd},
    setting{"admin", set_admin, [](const configuration& from) { return show_texts(from.admin); }},
    setting{"listen", set_listen, [](const configuration& from) { return show_texts(from.listen); },
            false, copy<&configuration::listen>},
};

constexpr std::array limit_settings{
    number<&limits::clients, 1, 1'000'000>("clients"),
    number<&limits::clients_per_address, 1, 1'000'000>("clients_per_address"),
    number<&limits::connection_burst, 1, 1'000'000>("connection_burst"),
    number<&limits::connections_per_minute, 0, 1'000'000>("connections_per_minute"),
    setting{"exempt",
            [](const toml::node& value, configuration& into) {
              return networks_in(value, into.exempt);
            },
            [](const configuration& from) { return show_networks(from.exempt); }},
    number<&limits::channels_per_client, 1, 1'000>("channels_per_client"),
    line_bound<&irc::length_limits::line, 512, 8192>("line_length"),
    line_bound<&irc::length_limits::tags, 0, 4094>("tag_length"),
    number<&limits::nick_length, 9, 64>("nick_length"),
    number<&limits::channel_length, 9, 128>("channel_length"),
    number<&limits::topic_length, 1, 390>("topic_length"),
    number<&limits::send_queue, 16'384, 1'073'741'824>("send_queue"),
    seconds<&limits::registration_timeout>("registration_timeout"),
    seconds<&limits::ping_timeout>("ping_timeout"),
    number<&limits::message_burst, 1, 1'000'000>("message_burst"),
    number<&limits::messages_per_second, 0, 1'000'000>("messages_per_second"),
    number<&limits::nick_burst, 1, 1'000'000>("nick_burst"),
    number<&limits::nicks_per_minute, 0, 1'000'000>("nicks_per_minute"),
    number<&limits::bans, 0, 1'000'000>("bans"),
};

constexpr std::array channel_settings{
    setting{"modes", set_channel_modes, show_text<&configuration::channel_modes>},
};

constexpr std::array cloak_settings{
    setting{"enabled", set_cloak,
            [](const configuration& from) { return std::string{from.cloak ? "true" : "false"}; }},
    setting{"key", set_cloak_key, show_text<&configuration::cloak_key>, true,
            copy<&configuration::cloak_key>},
};

constexpr std::array file_settings{
    file_name<&configuration::bans_file>("bans"),
    file_name<&configuration::cloak_key_file>("cloak_key"),
    file_name<&configuration::log_file>("log"),
    file_name<&configuration::audit_file>("audit"),
};

constexpr std::array all{
    section{"server", server_settings},    section{"limits", limit_settings},
    section{"channels", channel_settings}, section{"cloak", cloak_settings},
    section{"files", file_settings},
};

/// How many letters must be put in, left out, changed or exchanged with the next to make one word
/// of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  std::iota(cost[0].begin(), cost[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::span<const section> sections() { return all; }

std::string unknown_name(std::string_view what, std::string_view given, std::string_view where,
                         std::span<const std::string_view> known) {
  const std::string_view shown = given.substr(0, 64);
  std::string text =
      "unknown " + std::string{what} + " '" + std::string{shown} + "'" + std::string{where} + "; ";
  const auto near = [&](std::string_view name) { return distance(shown, name); };
  const std::string_view nearest = *std::ranges::min_element(known, {}, near);
  if (near(nearest) <= std::max<std::size_t>(2, nearest.size() / 3)) {
    return text + "did you mean '" + std::string{nearest} + "'?";
  }
  text += "there are:";
  for (const std::string_view name : known) {
    text.append(name == known.front() ? " " : ", ").append(name);
  }
  return text;
}

}  // namespace pentad::messenger
