// Values of the configuration file: the checks that several keys share.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "apps/messenger/server/setting.hpp"

namespace pentad::messenger {

inline refusal refuse(const toml::node& value, std::string reason) {
  return {std::move(reason), value.source().begin};
}

inline bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

inline verdict text_in(const toml::node& value, std::string& out) {
  auto text = value.value_exact<std::string>();
  if (!text) return refuse(value, "must be a text");
  out = *std::move(text);
  return {};
}

inline verdict line_in(const toml::node& value, std::size_t most, std::string& out) {
  std::string text;
  if (verdict wrong = text_in(value, text)) return wrong;
  if (text.size() > most || !is_one_line(text)) {
    return refuse(value, "must be one line of at most " + std::to_string(most) + " bytes");
  }
  out = std::move(text);
  return {};
}

inline verdict number_in(const toml::node& value, std::int64_t least, std::int64_t most,
                         std::int64_t& out) {
  const auto number = value.value_exact<std::int64_t>();
  if (!number) return refuse(value, "must be a whole number");
  if (*number < least || *number > most) {
    return refuse(value, "must be from " + std::to_string(least) + " to " + std::to_string(most));
  }
  out = *number;
  return {};
}

/// Each item of a list goes through `take`, which returns what is wrong with it.
template <class Take>
verdict list_in(const toml::node& value, std::string_view wanted, Take take) {
  const toml::array* list = value.as_array();
  if (list == nullptr) return refuse(value, "must be a list of " + std::string{wanted});
  for (const toml::node& item : *list) {
    if (verdict wrong = take(item)) return wrong;
  }
  return {};
}

inline verdict networks_in(const toml::node& value, std::vector<ip_network>& out) {
  std::vector<ip_network> networks;
  const auto take = [&](const toml::node& item) -> verdict {
    std::string text;
    if (verdict wrong = text_in(item, text)) return wrong;
    const result<ip_network> network = ip_network::parse(text);
    if (!network) return refuse(item, "must have networks in it, such as \"192.0.2.0/24\"");
    networks.push_back(*network);
    return {};
  };
  if (verdict wrong = list_in(value, R"(networks, such as ["192.0.2.0/24"])", take)) return wrong;
  out = std::move(networks);
  return {};
}

inline std::string quoted(std::string_view text) { return "\"" + std::string{text} + "\""; }

template <class List, class Write>
std::string show_list(const List& list, Write write) {
  std::string out = "[";
  for (const auto& each : list) out.append(out.size() > 1 ? ", " : "").append(quoted(write(each)));
  return out + "]";
}

inline std::string show_networks(const std::vector<ip_network>& networks) {
  return show_list(networks, [](const ip_network& each) { return to_string(each); });
}

inline std::string show_texts(const std::vector<std::string>& texts) {
  return show_list(texts, std::identity{});
}

}  // namespace pentad::messenger
