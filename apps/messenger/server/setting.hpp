// The keys of the configuration file: each knows its name, how its value gets into the
// configuration, and how to write what is there.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/server/configuration.hpp"

namespace pentad::messenger {

/// What is wrong with a part of the file.
struct refusal {
  std::string reason;
  toml::source_position where;
};

using verdict = std::optional<refusal>;  ///< nothing: it is right

template <class Target>
struct basic_setting {
  std::string_view name;
  verdict (*apply)(const toml::node& value, Target& into);
  std::string (*show)(const Target& from);
  bool secret = false;
  /// Given for what only a start can change.
  void (*copy)(const Target& from, Target& into) = nullptr;
};

using setting = basic_setting<configuration>;

struct section {
  std::string_view name;
  std::span<const setting> settings;
};

/// The sections of the file, in the order in which the example has them.
std::span<const section> sections();

/// `unknown key 'nmae' in [server]; did you mean 'name'?`, or which there are when none is near.
std::string unknown_name(std::string_view what, std::string_view given, std::string_view where,
                         std::span<const std::string_view> known);

/// Applies a table whose keys are all among the settings; `where` is what messages call it.
template <class Target>
verdict apply_table(const toml::table& table, std::span<const basic_setting<Target>> settings,
                    std::string_view where, Target& into) {
  for (const auto& [key, value] : table) {
    const auto known = std::ranges::find(settings, key.str(), &basic_setting<Target>::name);
    if (known == settings.end()) {
      std::vector<std::string_view> names;
      for (const auto& each : settings) names.push_back(each.name);
      return refusal{unknown_name("key", key.str(), " in " + std::string{where}, names),
                     key.source().begin};
    }
    if (verdict wrong = known->apply(value, into)) {
      wrong->reason.insert(0, std::string{known->name} + " ");
      return wrong;
    }
  }
  return {};
}

}  // namespace pentad::messenger
