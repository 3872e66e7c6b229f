// MODE of channels and of people.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_on_a_channel.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using channel_mode = on_a_channel;

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

TEST_F(channel_mode, b_e_and_I_have_lists_that_are_empty_at_first) {
  for (const std::string_view line : {"MODE #a b", "MODE #a +b"}) {
    EXPECT_THAT(carol.answer(line), ElementsAre(":irc.test 368 carol #a :End of channel ban list"));
  }
  EXPECT_THAT(carol.answer("MODE #a e"),
              ElementsAre(":irc.test 349 carol #a :End of channel exception list"));
  EXPECT_THAT(carol.answer("MODE #a I"),
              ElementsAre(":irc.test 347 carol #a :End of Channel Invite Exception List"));
}

TEST_F(channel_mode, b_puts_whole_masks_on_its_list_and_takes_them_off) {
  EXPECT_THAT(alice.answer("MODE #a +bbbb x!*@* x user@host x!u"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a +bbb x!*@* *!user@host x!u@*"));
  EXPECT_THAT(bob.hears(),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a +bbb x!*@* *!user@host x!u@*"));
  EXPECT_THAT(bob.answer("MODE #a +b"),
              ElementsAre(":irc.test 367 bob #a x!*@* alice 1319042451",
                          ":irc.test 367 bob #a *!user@host alice 1319042451",
                          ":irc.test 367 bob #a x!u@* alice 1319042451",
                          ":irc.test 368 bob #a :End of channel ban list"));
  EXPECT_THAT(alice.answer("MODE #a -bb X!*@* nobody"),
              ElementsAre(":alice!alice@192.0.2.1 MODE #a -b x!*@*"));
  EXPECT_EQ(alice.answer("MODE #a b").size(), 3U);
}

TEST_F(channel_mode, b_keeps_out_and_silences_those_whom_it_fits) {
  alice.says("MODE #a +b CAROL");
  EXPECT_THAT(carol.answer("JOIN #a"),
              ElementsAre(":irc.test 474 carol #a :Cannot join channel (+b)"));
  alice.says("MODE #a +b *!bob@*");
  bob.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"),
              ElementsAre(":irc.test 404 bob #a :Cannot send to channel"));
  alice.says("MODE #a +v bob");
  bob.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"), IsEmpty());
}

TEST_F(channel_mode, e_excepts_from_bans) {
  alice.says("MODE #a +be *!*@* *!*@192.0.2.*");
  EXPECT_EQ(carol.answer("JOIN #a").front(), ":carol!carol@192.0.2.1 JOIN :#a");
  bob.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"), IsEmpty());
  EXPECT_THAT(bob.answer("MODE #a e"),
              ElementsAre(":irc.test 348 bob #a *!*@192.0.2.* alice 1319042451",
                          ":irc.test 349 bob #a :End of channel exception list"));
}

TEST_F(channel_mode, i_keeps_out_those_who_were_not_invited_and_fit_no_exception) {
  alice.says("MODE #a +i");
  EXPECT_THAT(carol.answer("JOIN #a"),
              ElementsAre(":irc.test 473 carol #a :Cannot join channel (+i)"));
  alice.says("MODE #a +I carol");
  EXPECT_EQ(carol.answer("JOIN #a").front(), ":carol!carol@192.0.2.1 JOIN :#a");
  EXPECT_THAT(carol.answer("MODE #a I"),
              ElementsAre(":irc.test 346 carol #a carol!*@* alice 1319042451",
                          ":irc.test 347 carol #a :End of Channel Invite Exception List"));
}

TEST_F(channel_mode, lists_are_for_operators_to_change_and_hidden_with_the_channel) {
  EXPECT_THAT(bob.answer("MODE #a +b x"),
              ElementsAre(":irc.test 482 bob #a :You're not channel operator"));
  alice.says("MODE #a +s");
  EXPECT_THAT(carol.answer("MODE #a b"),
              ElementsAre(":irc.test 442 carol #a :You're not on that channel"));
}

TEST_F(channel_mode, lists_hold_a_hundred_masks_together) {
  for (int i = 0; i < 50; ++i) {
    alice.says("MODE #a +be b" + std::to_string(i) + " e" + std::to_string(i));
  }
  alice.hears();
  EXPECT_THAT(alice.answer("MODE #a +I one"),
              ElementsAre(":irc.test 478 alice #a I :Channel list is full"));
  EXPECT_EQ(alice.answer("MODE #a b").size(), 51U);
}

TEST_F(channel_mode, lists_refuse_what_is_no_mask) {
  EXPECT_THAT(alice.answer("MODE #a +b :x y"),
              ElementsAre(":irc.test 696 alice #a b * :Invalid mask"));
  const std::string longer(200, 'x');
  EXPECT_THAT(alice.answer("MODE #a +b " + longer),
              ElementsAre(":irc.test 696 alice #a b " + longer + " :Invalid mask"));
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

TEST(user_mode, lets_nobody_become_an_operator_and_everybody_be_a_bot) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("MODE alice +o"), IsEmpty());
  EXPECT_THAT(alice.answer("MODE alice +Bw"), ElementsAre(":alice!alice@192.0.2.1 MODE alice +Bw"));
  EXPECT_THAT(alice.answer("MODE alice"), ElementsAre(":irc.test 221 alice +Bw"));
}

}  // namespace
}  // namespace pentad::messenger::testing
