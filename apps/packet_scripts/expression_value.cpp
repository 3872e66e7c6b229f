#include "apps/packet_scripts/expression_value.hpp"

#include <algorithm>

#include "apps/packet_scripts/linux_names.hpp"
#include "pentad/base/ip_literal.hpp"

namespace pentad::packet_scripts {
namespace {

using kind = expression::kind;

constexpr std::int64_t most_bytes = std::int64_t{1} << 28;

}  // namespace

std::int64_t number_of(const expression& written) {
  switch (written.what) {
    case kind::integer:
      return written.number;
    case kind::word:
      if (const auto value = value_of_symbol(written.text)) return *value;
      throw unsupported("the symbol " + written.text);
    case kind::either: {
      std::int64_t all = 0;
      for (const expression& each : written.parts) all |= number_of(each);
      return all;
    }
    case kind::call:
      if (written.text == "htons" && written.parts.size() == 1) {
        return number_of(written.parts.front());
      }
      break;
    case kind::list:
      if (written.parts.size() == 1) return number_of(written.parts.front());
      break;
    default:
      break;
  }
  throw malformed(written.at, "expected a number");
}

std::optional<endpoint> endpoint_of(const expression& written) {
  if (written.is(kind::any)) return std::nullopt;
  const expression* const port = written.field("sin_port");
  const expression* const address = written.field("sin_addr");
  const bool is_text = address != nullptr && address->is(kind::call) &&
                       address->parts.size() == 1 && address->parts.front().is(kind::text);
  const auto parsed = is_text ? parse_ip_literal(address->parts.front().text) : std::nullopt;
  if (!parsed || port == nullptr) throw malformed(written.at, "expected an address and a port");
  return endpoint(*parsed, static_cast<std::uint16_t>(number_of(*port)));
}

option_value option_of(const expression& written) {
  option_value value;
  if (written.is(kind::text)) {
    value.text = written.text;
  } else if (written.is(kind::structure)) {
    for (const expression& each : written.parts) {
      value.numbers.push_back(number_of(each.is(kind::field) ? each.parts.front() : each));
    }
  } else if (written.is(kind::list)) {
    for (const expression& each : written.parts) {
      if (each.is(kind::text) || each.is(kind::structure)) return option_of(each);
      value.numbers.push_back(number_of(each));
    }
  } else if (!written.is(kind::any)) {
    value.numbers.push_back(number_of(written));
  }
  return value;
}

std::size_t room_of(const expression& vectors) {
  std::int64_t room = 0;
  for (const expression& each : vectors.parts) {
    if (!each.is(kind::structure) || each.parts.size() != 2) {
      throw malformed(each.at, "expected {..., SIZE}");
    }
    room = std::clamp<std::int64_t>(room + number_of(each.parts[1]), 0, most_bytes);
  }
  return static_cast<std::size_t>(room);
}

std::string to_string(const expression& written) {
  const auto joined = [&](std::string_view between) {
    std::string text;
    for (const expression& each : written.parts) {
      if (!text.empty()) text += between;
      text += to_string(each);
    }
    return text;
  };
  switch (written.what) {
    case kind::any:
      return "...";
    case kind::integer:
      return std::to_string(written.number);
    case kind::word:
      return written.text;
    case kind::text:
      return '"' + written.text + '"';
    case kind::list:
      return "[" + joined(", ") + "]";
    case kind::structure:
      return "{" + joined(", ") + "}";
    case kind::field:
      return written.text + "=" + to_string(written.parts.front());
    case kind::call:
      return written.text + "(" + joined(", ") + ")";
    case kind::either:
      return joined("|");
  }
  return {};
}

}  // namespace pentad::packet_scripts
