/// Whatever a server sends, it is read without harm, and what is taken from it keeps the bounds.
///
/// The input is a message. The question that it must reply to is taken from itself, if it has one:
/// else hardly any input would get beyond the comparison.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "pentad/socket/names/dns_message.hpp"
#include "tests/socket/dns_text.hpp"

namespace {

using namespace pentad::names;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const reply& got) {
  require(got.addresses.size() <= most_addresses);
  require(got.addresses.empty() == (got.kind != reply_kind::addresses));
  require(got.aliases <= most_aliases);
  require(got.lifetime >= pentad::duration::zero());
  if (got.kind == reply_kind::alias) require(!got.alias.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span message = std::as_bytes(std::span(data, size));
  const pentad::test::dns_question itself(message);
  for (const record_type type : {record_type::a, record_type::aaaa}) {
    const question asked{itself.name, type};
    const auto got = read_reply(message, itself.id, asked);
    if (got) check(*got);
    const auto query = make_query(itself.id, asked, true);
    if (query) require(!read_reply(*query, itself.id, asked));  // a question is no reply
  }
  return 0;
}
