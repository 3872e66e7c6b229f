#include "apps/messenger/server/configuration.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "apps/messenger/server/setting_values.hpp"
#include "apps/messenger/server/whole_file.hpp"

namespace pentad::messenger {
namespace {

// ---- Lists of tables: [[operators]], [[gateways]]

template <auto Member, std::size_t Most, class Target>
verdict set_needed_line(const toml::node& value, Target& into) {
  if (verdict wrong = line_in(value, Most, into.*Member)) return wrong;
  if ((into.*Member).empty()) return refuse(value, "must not be empty");
  return {};
}

constexpr std::array operator_settings{
    basic_setting<operator_login>{
        "name", set_needed_line<&operator_login::name, 64, operator_login>, nullptr},
    basic_setting<operator_login>{
        "password", set_needed_line<&operator_login::password, 300, operator_login>, nullptr},
    basic_setting<operator_login>{
        "host", set_needed_line<&operator_login::host, 128, operator_login>, nullptr},
};

constexpr std::array gateway_settings{
    basic_setting<gateway>{"password", set_needed_line<&gateway::password, 300, gateway>, nullptr},
    basic_setting<gateway>{
        "networks",
        [](const toml::node& value, gateway& into) { return networks_in(value, into.networks); },
        nullptr},
};

verdict check(const operator_login& made, const toml::node& where) {
  if (made.name.empty() || made.password.empty()) {
    return refuse(where, "an operator needs name and password");
  }
  return {};
}

verdict check(const gateway& made, const toml::node& where) {
  if (made.password.empty() || made.networks.empty()) {
    return refuse(where, "a gateway needs password and networks");
  }
  return {};
}

template <class Target>
verdict read_tables(const toml::node& value, std::string_view name,
                    std::span<const basic_setting<Target>> settings, std::vector<Target>& into) {
  const std::string title = "[[" + std::string{name} + "]]";
  const toml::array* list = value.as_array();
  if (list == nullptr) return refuse(value, "must be written as " + title);
  for (const toml::node& item : *list) {
    const toml::table* table = item.as_table();
    if (table == nullptr) return refuse(item, "must be written as " + title);
    Target made;
    if (verdict wrong = apply_table(*table, settings, title, made)) return wrong;
    if (verdict wrong = check(made, item)) return wrong;
    into.push_back(std::move(made));
  }
  return {};
}

constexpr std::string_view operators = "operators";
constexpr std::string_view gateways = "gateways";

std::vector<std::string_view> top_names() {
  std::vector<std::string_view> names;
  for (const section& each : sections()) names.push_back(each.name);
  names.insert(names.end(), {operators, gateways});
  return names;
}

// ---- The file

verdict read_part(const toml::key& key, const toml::node& value, configuration& into) {
  const std::string_view name = key.str();
  if (name == operators) {
    return read_tables<operator_login>(value, name, operator_settings, into.operators);
  }
  if (name == gateways) return read_tables<gateway>(value, name, gateway_settings, into.gateways);
  const auto known = std::ranges::find(sections(), name, &section::name);
  if (known == sections().end()) {
    return refusal{unknown_name("section", name, "", top_names()), key.source().begin};
  }
  const std::string title = "[" + std::string{name} + "]";
  const toml::table* table = value.as_table();
  if (table == nullptr) return refuse(value, "must be written as " + title);
  return apply_table(*table, known->settings, title, into);
}

std::string show_operators(const configuration& from) {
  std::string out;
  for (const operator_login& each : from.operators) {
    out += each.name + "\n" + each.password + "\n" + each.host + "\n";
  }
  return out;
}

std::string show_gateways(const configuration& from) {
  std::string out;
  for (const gateway& each : from.gateways) {
    out += each.password + "\n" + show_networks(each.networks) + "\n";
  }
  return out;
}

std::unexpected<configuration_error> refused(std::string_view file, toml::source_position where,
                                             std::string reason) {
  return std::unexpected{
      configuration_error{std::string{file}, where.line, where.column, std::move(reason)}};
}

}  // namespace

std::string to_string(const configuration_error& error) {
  std::string out = error.file;
  if (error.line != 0) out += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
  return out + ": " + error.reason;
}

std::expected<configuration, configuration_error> parse_configuration(std::string_view text,
                                                                      std::string_view file) {
  configuration made;
  try {
    const toml::table parsed = toml::parse(text, file);
    for (const auto& [key, value] : parsed) {
      if (verdict wrong = read_part(key, value, made)) {
        return refused(file, wrong->where, std::move(wrong->reason));
      }
    }
  } catch (const toml::parse_error& wrong) {
    return refused(file, wrong.source().begin, std::string{wrong.description()});
  }
  return made;
}

std::expected<configuration, configuration_error> load_configuration(const std::string& file) {
  const auto text = read_file(file);
  if (!text) return refused(file, {}, "cannot be read: " + text.error().message());
  return parse_configuration(*text, file);
}

std::vector<std::string> changes_between(const configuration& before, const configuration& after) {
  std::vector<std::string> changes;
  for (const section& part : sections()) {
    for (const setting& each : part.settings) {
      const std::string was = each.show(before);
      const std::string is = each.show(after);
      if (was == is) continue;
      std::string change = std::string{part.name} + "." + std::string{each.name};
      if (each.secret) {
        change += " changed";
      } else {
        change += ": " + was + " -> " + is;
      }
      if (each.copy != nullptr) change += " (at the next start)";
      changes.push_back(std::move(change));
    }
  }
  if (show_operators(before) != show_operators(after)) changes.emplace_back("operators changed");
  if (show_gateways(before) != show_gateways(after)) changes.emplace_back("gateways changed");
  return changes;
}

void keep_until_restart(const configuration& before, configuration& after) {
  for (const section& part : sections()) {
    for (const setting& each : part.settings) {
      if (each.copy != nullptr) each.copy(before, after);
    }
  }
}

}  // namespace pentad::messenger
