/// Whatever text is read as an address, an endpoint, a quintuple, a filter or a service address can
/// be written, and what was written is read as the same value and written in the same way.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pentad/base/endpoint.hpp"
#include "pentad/base/five_tuple.hpp"
#include "pentad/base/five_tuple_filter.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_literal.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/base/service_address.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Value>
void round_trip(std::string_view input) {
  const auto value = Value::parse(input);
  if (!value) return;
  const std::string text = to_string(*value);
  const auto again = Value::parse(text);
  require(again && *again == *value);
  require(to_string(*again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  round_trip<pentad::mac_address>(input);
  round_trip<pentad::ip_address>(input);
  round_trip<pentad::endpoint>(input);
  round_trip<pentad::five_tuple>(input);
  round_trip<pentad::five_tuple_filter>(input);
  round_trip<pentad::service_address>(input);

  // What reads as one connection reads as a filter of it too.
  if (const auto tuple = pentad::five_tuple::parse(input)) {
    const auto filter = pentad::five_tuple_filter::parse(input);
    require(filter && filter->matches(*tuple));
  }
  if (const auto literal = pentad::parse_ip_literal(input)) {
    require(pentad::ip_address::parse(input) == *literal);
  }
  return 0;
}
