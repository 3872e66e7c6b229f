// Lists of domains with shared ends: RFC 3397.
#include "pentad/wire/domain_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pentad::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> read(const std::string& list) {
  domain_list_reader reader(std::as_bytes(std::span(list)));
  std::vector<std::string> names;
  while (const auto each = reader.next()) names.emplace_back(each->name());
  return names;
}

using namespace std::string_literals;

TEST(domain_list, has_names_one_behind_the_other) {
  EXPECT_THAT(read("\3eng\5apple\3com\0\2de\0"s), ElementsAre("eng.apple.com", "de"));
  EXPECT_THAT(read(""), IsEmpty());
}

TEST(domain_list, takes_the_end_of_an_earlier_name) {
  // RFC 3397, section 2: eng.apple.com. and marketing.apple.com.
  EXPECT_THAT(read("\3eng\5apple\3com\0\11marketing\xc0\4"s),
              ElementsAre("eng.apple.com", "marketing.apple.com"));
  EXPECT_THAT(read("\3eng\5apple\3com\0\xc0\4\1x\xc0\0"s),
              ElementsAre("eng.apple.com", "apple.com", "x.eng.apple.com"));
}

TEST(domain_list, ends_where_it_is_none) {
  EXPECT_THAT(read("\3eng\0\5appl"s), ElementsAre("eng")) << "cut";
  EXPECT_THAT(read("\3eng\0\3com"s), ElementsAre("eng")) << "without an end";
  EXPECT_THAT(read("\3eng\0\xc0"s), ElementsAre("eng")) << "half a pointer";
  EXPECT_THAT(read("\3eng\0\3a b\0\2de\0"s), ElementsAre("eng")) << "no host's";
  EXPECT_THAT(read("\3eng\0\100"s + std::string(64, 'x') + "\0"s), ElementsAre("eng"));
}

TEST(domain_list, goes_in_no_circle) {
  EXPECT_THAT(read("\xc0\0"s), IsEmpty());
  EXPECT_THAT(read("\1a\xc0\0"s), IsEmpty());
  EXPECT_THAT(read("\1a\xc0\5\0\xc0\2"s), IsEmpty());
}

TEST(domain_list, passes_over_the_root) { EXPECT_THAT(read("\0\2de\0"s), ElementsAre("de")); }

TEST(domain_list, has_no_name_that_is_too_long) {
  std::string name;
  for (int i = 0; i != 4; ++i) name += "\77"s + std::string(63, 'x');
  EXPECT_THAT(read(name + "\0"s), IsEmpty());
  EXPECT_EQ(read(name.substr(64) + "\0"s).at(0).size(), 191U);
}

}  // namespace
}  // namespace pentad::wire
