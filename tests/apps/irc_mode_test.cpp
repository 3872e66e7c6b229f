// MODE of channels and of people.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A channel with its operator alice, the member bob, and carol outside.
class channel_mode : public ::testing::Test {
 protected:
  channel_mode() {
    for (person* one : {&alice, &bob}) one->says("JOIN #a");
    alice.hears();
    bob.hears();
  }

  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
};

TEST_F(channel_mode, is_told_to_those_who_ask_with_the_time_of_creation) {
  EXPECT_THAT(carol.answer("MODE #A"),
              ElementsAre(":irc.test 324 carol #a +nt", ":irc.test 329 carol #a 1319042451"));
}

TEST_F(channel_mode, shows_its_key_to_members_alone) {
  alice.says("MODE #a +kl sesame 9");
  EXPECT_EQ(bob.answer("MODE #a")[0], ":irc.test 324 bob #a +ntkl sesame 9");
  EXPECT_EQ(carol.answer("MODE #a")[0], ":irc.test 324 carol #a +ntkl * 9");
}

TEST_F(channel_mode, needs_a_channel) {
  EXPECT_THAT(alice.answer("MODE #b"), ElementsAre(":irc.test 403 alice #b :No such channel"));
  EXPECT_THAT(alice.answer("MODE"), ElementsAre(":irc.test 461 alice MODE :Not enough parameters"));
}

TEST_F(channel_mode, is_changed_by_operators_alone) {
  EXPECT_THAT(bob.answer("MODE #a +m"),
              ElementsAre(":irc.test 482 bob #a :You're not channel operator"));
  EXPECT_THAT(carol.answer("MODE #a +m"),
              ElementsAre(":irc.test 442 carol #a :You're not on that channel"));
}

TEST_F(channel_mode, is_changed_for_all_members_to_see) {
  EXPECT_THAT(alice.answer("MODE #a +ms-nt"), ElementsAre(":alice!alice@192.0.2.1 MODE #a +ms-nt"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 MODE #a +ms-nt"));
  EXPECT_EQ(bob.answer("MODE #a")[0], ":irc.test 324 bob #a +ms");
}

TEST_F(channel_mode, says_nothing_of_what_was_so_before) {
  EXPECT_THAT(alice.answer("MODE #a +nt-m"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE #a +n-t+m-m"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a -t+m-m"));
}

TEST_F(channel_mode, gives_and_takes_ranks) {
  EXPECT_THAT(alice.answer("MODE #a +ov-v BOB bob bob"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a +ov-v bob bob bob"));
  EXPECT_THAT(bob.answer("MODE #a -o alice"), ElementsAre(":bob!bob@192.0.2.1 MODE #a -o alice"));
  alice.hears();
  EXPECT_THAT(alice.answer("MODE #a +o alice"),
              ElementsAre(":irc.test 482 alice #a :You're not channel operator"));
}

TEST_F(channel_mode, gives_ranks_to_members_alone) {
  EXPECT_THAT(alice.answer("MODE #a +o carol"),
              ElementsAre(":irc.test 441 alice carol #a :They aren't on that channel"));
  EXPECT_THAT(alice.answer("MODE #a +o nobody"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("MODE #a +o"), IsEmpty());
}

TEST_F(channel_mode, k_sets_and_removes_a_key) {
  EXPECT_THAT(alice.answer("MODE #a +k sesame"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a +k sesame"));
  EXPECT_THAT(alice.answer("MODE #a -k whatever"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a -k *"));
  EXPECT_THAT(alice.answer("MODE #a -k"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE #a +k"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE #a +k a,b"),
              ElementsAre(":irc.test 696 alice #a k a,b :Invalid channel key"));
  EXPECT_THAT(alice.answer("MODE #a +k :a b"),
              ElementsAre(":irc.test 696 alice #a k * :Invalid channel key"));
}

TEST_F(channel_mode, l_sets_and_removes_a_limit) {
  EXPECT_THAT(alice.answer("MODE #a +l 010"), ElementsAre(":alice!alice@192.0.2.1 MODE #a +l 10"));
  EXPECT_THAT(alice.answer("MODE #a -l"), ElementsAre(":alice!alice@192.0.2.1 MODE #a -l"));
  EXPECT_THAT(alice.answer("MODE #a -l"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE #a +l"), IsEmpty());
  for (const std::string wrong : {"0", "-1", "x", "1x", "99999999999999999999"}) {
    EXPECT_THAT(alice.answer("MODE #a +l " + wrong),
                ElementsAre(":irc.test 696 alice #a l " + wrong + " :Invalid member limit"));
  }
}

TEST_F(channel_mode, names_letters_that_it_does_not_know_and_does_the_others) {
  EXPECT_THAT(alice.answer("MODE #a +XmY"),
              ElementsAre(":irc.test 472 alice X :is unknown mode char to me",
                          ":irc.test 472 alice Y :is unknown mode char to me",
                          ":alice!alice@192.0.2.1 MODE #a +m"));
}

TEST_F(channel_mode, b_has_an_empty_list) {
  for (const std::string_view line : {"MODE #a b", "MODE #a +b"}) {
    EXPECT_THAT(carol.answer(line), ElementsAre(":irc.test 368 carol #a :End of channel ban list"));
  }
  EXPECT_THAT(alice.answer("MODE #a +b x!*@*"),
              ElementsAre(":irc.test 472 alice b :is unknown mode char to me"));
}

TEST_F(channel_mode, takes_twelve_parameters_and_no_more) {
  alice.says("MODE #a " + std::string("+vvvvvvvvvvvvo") +
             " bob bob bob bob bob bob bob bob bob bob bob bob bob");
  EXPECT_THAT(alice.hears(), ElementsAre(":alice!alice@192.0.2.1 MODE #a +v bob"));
}

TEST(user_mode, is_told_and_set_by_oneself_alone) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob");
  EXPECT_THAT(alice.answer("MODE alice"), ElementsAre(":irc.test 221 alice +"));
  EXPECT_THAT(alice.answer("MODE ALICE +i"), ElementsAre(":alice!alice@192.0.2.1 MODE alice +i"));
  EXPECT_THAT(alice.answer("MODE alice"), ElementsAre(":irc.test 221 alice +i"));
  EXPECT_THAT(alice.answer("MODE alice +i"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE alice -i"), ElementsAre(":alice!alice@192.0.2.1 MODE alice -i"));
  EXPECT_THAT(alice.answer("MODE bob"),
              ElementsAre(":irc.test 502 alice :Cant change mode for other users"));
  EXPECT_THAT(alice.answer("MODE nobody"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
}

TEST(user_mode, sets_what_it_knows_and_says_that_there_was_more) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("MODE alice +xyi"),
              ElementsAre(":alice!alice@192.0.2.1 MODE alice +i",
                          ":irc.test 501 alice :Unknown MODE flag"));
}

}  // namespace
}  // namespace pentad::messenger::testing
