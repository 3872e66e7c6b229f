#include "apps/messenger/server/configuration.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <span>
#include <system_error>
#include <type_traits>
#include <utility>

#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

/// One key of the file: knows its name and puts its value where it belongs, or says what is wrong
/// with it (an empty reason: nothing).
struct setting {
  std::string_view name;
  std::string (*apply)(const toml::node& value, configuration& into);
};

struct section {
  std::string_view name;
  std::span<const setting> settings;
};

std::string number_in(const toml::node& value, std::int64_t least, std::int64_t most,
                      std::int64_t& out) {
  const auto number = value.value_exact<std::int64_t>();
  if (!number) return "must be a whole number";
  if (*number < least || *number > most) {
    return "must be from " + std::to_string(least) + " to " + std::to_string(most);
  }
  out = *number;
  return {};
}

template <auto Member, std::int64_t Least, std::int64_t Most>
std::string set_number(const toml::node& value, configuration& into) {
  std::int64_t number = 0;
  if (std::string wrong = number_in(value, Least, Most, number); !wrong.empty()) return wrong;
  auto& field = into.limit.*Member;
  field = static_cast<std::remove_reference_t<decltype(field)>>(number);
  return {};
}

std::string text_in(const toml::node& value, std::string& out) {
  const auto text = value.value_exact<std::string>();
  if (!text) return "must be a text";
  out = *text;
  return {};
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Server names stand where spaces and colons would break a line, and the dot tells them from
/// nicks.
std::string set_name(const toml::node& value, configuration& into) {
  std::string name;
  if (std::string wrong = text_in(value, name); !wrong.empty()) return wrong;
  const bool fits = !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  });
  if (!fits || name.find('.') == name.npos) {
    return "must be a name of letters, digits, '-' and at least one '.', such as irc.example.org";
  }
  into.name = std::move(name);
  return {};
}

std::string set_network(const toml::node& value, configuration& into) {
  std::string name;
  if (std::string wrong = text_in(value, name); !wrong.empty()) return wrong;
  const bool printable = std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~'; });
  if (name.empty() || name.size() > 32 || !printable) {
    return "must be 1 to 32 characters of printable ASCII";
  }
  into.network = std::move(name);
  return {};
}

std::string set_description(const toml::node& value, configuration& into) {
  std::string text;
  if (std::string wrong = text_in(value, text); !wrong.empty()) return wrong;
  if (text.size() > 200 || !is_one_line(text)) return "must be one line of at most 200 bytes";
  into.description = std::move(text);
  return {};
}

std::string set_password(const toml::node& value, configuration& into) {
  std::string text;
  if (std::string wrong = text_in(value, text); !wrong.empty()) return wrong;
  if (text.size() > 300 || !is_one_line(text)) return "must be one line of at most 300 bytes";
  into.password = std::move(text);
  return {};
}

std::string set_motd(const toml::node& value, configuration& into) {
  std::string text;
  if (std::string wrong = text_in(value, text); !wrong.empty()) return wrong;
  into.motd.clear();
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_one_line(line)) return "must not have control characters other than new lines";
    into.motd.emplace_back(truncated_utf8(line, 400));
  }
  return {};
}

std::string set_listen(const toml::node& value, configuration& into) {
  constexpr auto wrong = R"(must be a list of addresses, such as ["127.0.0.1:6667"])";
  const toml::array* list = value.as_array();
  if (list == nullptr || list->empty()) return wrong;
  std::vector<std::string> addresses;
  for (const toml::node& item : *list) {
    const auto address = item.value_exact<std::string>();
    if (!address || address->empty()) return wrong;
    addresses.push_back(*address);
  }
  into.listen = std::move(addresses);
  return {};
}

std::string set_line_length(const toml::node& value, configuration& into) {
  std::int64_t number = 0;
  if (std::string wrong = number_in(value, 512, 8192, number); !wrong.empty()) return wrong;
  into.limit.line.line = static_cast<std::size_t>(number);
  return {};
}

std::string set_tag_length(const toml::node& value, configuration& into) {
  std::int64_t number = 0;
  if (std::string wrong = number_in(value, 0, 4094, number); !wrong.empty()) return wrong;
  into.limit.line.tags = static_cast<std::size_t>(number);
  return {};
}

template <auto Member>
std::string set_seconds(const toml::node& value, configuration& into) {
  std::int64_t number = 0;
  if (std::string wrong = number_in(value, 1, 86'400, number); !wrong.empty()) return wrong;
  into.limit.*Member = std::chrono::seconds{number};
  return {};
}

constexpr std::array server_settings{
    setting{"name", set_name},
    setting{"network", set_network},
    setting{"description", set_description},
    setting{"password", set_password},
    setting{"motd", set_motd},
    setting{"listen", set_listen},
};

constexpr std::array limit_settings{
    setting{"clients", set_number<&limits::clients, 1, 1'000'000>},
    setting{"channels_per_client", set_number<&limits::channels_per_client, 1, 1'000>},
    setting{"line_length", set_line_length},
    setting{"tag_length", set_tag_length},
    setting{"nick_length", set_number<&limits::nick_length, 9, 64>},
    setting{"channel_length", set_number<&limits::channel_length, 9, 128>},
    setting{"topic_length", set_number<&limits::topic_length, 1, 390>},
    setting{"send_queue", set_number<&limits::send_queue, 16'384, 1'073'741'824>},
    setting{"registration_timeout", set_seconds<&limits::registration_timeout>},
    setting{"ping_timeout", set_seconds<&limits::ping_timeout>},
    setting{"message_burst", set_number<&limits::message_burst, 1, 1'000'000>},
    setting{"messages_per_second", set_number<&limits::messages_per_second, 0, 1'000'000>},
};

constexpr std::array sections{
    section{"server", server_settings},
    section{"limits", limit_settings},
};

/// `what` is the wrong name and where it is; `known` are those that would be right.
std::string unknown(std::string_view what, const auto& known) {
  std::string text{"unknown "};
  text.append(what).append("; there are:");
  std::string_view separator = " ";
  for (const auto& one : known) {
    text.append(separator).append(one.name);
    separator = ", ";
  }
  return text;
}

/// Applies the settings of one file, one after the other, until one is wrong.
class reader {
 public:
  explicit reader(std::string_view file) : file_(file) {}

  std::expected<configuration, configuration_error> read(const toml::table& file) {
    configuration made;
    for (const auto& [key, value] : file) {
      const std::string name{key.str()};
      const auto known = std::ranges::find(sections, key.str(), &section::name);
      if (known == sections.end()) {
        return refused(key.source(), unknown("section '" + name + "'", sections));
      }
      const toml::table* table = value.as_table();
      if (table == nullptr) {
        return refused(key.source(), "'" + name + "' must be a section");
      }
      if (auto done = read_section(*known, *table, made); !done) {
        return std::unexpected{std::move(done.error())};
      }
    }
    return made;
  }

 private:
  std::expected<void, configuration_error> read_section(const section& known,
                                                        const toml::table& table,
                                                        configuration& into) {
    for (const auto& [key, value] : table) {
      std::string name{key.str()};
      const auto found = std::ranges::find(known.settings, key.str(), &setting::name);
      if (found == known.settings.end()) {
        name.insert(0, "key '").append("' in [").append(known.name).append("]");
        return refused(key.source(), unknown(name, known.settings));
      }
      if (std::string wrong = found->apply(value, into); !wrong.empty()) {
        return refused(value.source(), name.append(" ").append(wrong));
      }
    }
    return {};
  }

  std::unexpected<configuration_error> refused(const toml::source_region& where,
                                               std::string reason) const {
    return std::unexpected{configuration_error{file_, where.begin.line, std::move(reason)}};
  }

  std::string file_;
};

}  // namespace

std::string to_string(const configuration_error& error) {
  std::string out = error.file;
  if (error.line != 0) out += ":" + std::to_string(error.line);
  return out + ": " + error.reason;
}

std::expected<configuration, configuration_error> parse_configuration(std::string_view text,
                                                                      std::string_view file) {
  try {
    return reader{file}.read(toml::parse(text, file));
  } catch (const toml::parse_error& wrong) {
    return std::unexpected{configuration_error{std::string{file}, wrong.source().begin.line,
                                               std::string{wrong.description()}}};
  }
}

std::expected<configuration, configuration_error> load_configuration(const std::string& file) {
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string text;
  std::array<char, 4096> part;
  do {
    in.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  } while (in);
  if (!in.eof()) {
    const std::error_code why{errno, std::generic_category()};
    return std::unexpected{configuration_error{file, 0, "cannot be read: " + why.message()}};
  }
  return parse_configuration(text, file);
}

}  // namespace pentad::messenger
