// What keeps a server usable on the open internet: limits for each address, K-lines, cloaks,
// gateways, and what operators are told and held to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

configuration guarded() {
  configuration settings = meeting::unlimited();
  settings.operators.push_back({"root", "sesame"});
  settings.exempt.clear();
  return settings;
}

class defence : public ::testing::Test {
 protected:
  person& an_operator() {
    person& made = in.arrives("ann");
    made.says("OPER root sesame");
    made.hears();
    return made;
  }

  person& registers(std::string_view nick, std::string_view address) {
    person& made = in.enters(address);
    made.says("NICK " + std::string{nick});
    made.says("USER " + std::string{nick} + " 0 * :x");
    return made;
  }

  meeting in{guarded()};
  machine& disk = in.below();
};

TEST_F(defence, takes_so_many_clients_of_an_address) {
  in.settings().limit.clients_per_address = 2;
  in.enters("198.51.100.1");
  person& second = in.enters("198.51.100.1");
  person& third = in.enters("198.51.100.1");
  EXPECT_THAT(third.hears(), ElementsAre(HasSubstr("(Too many connections from your address)")));
  EXPECT_FALSE(in.enters("198.51.100.2").session().closing());
  second.goes();
  third.goes();
  EXPECT_FALSE(in.enters("198.51.100.1").session().closing());
}

TEST_F(defence, knows_no_limit_for_exempt_networks) {
  in.settings().limit.clients_per_address = 1;
  in.settings().limit.messages_per_second = 1;
  in.settings().limit.message_burst = 1;
  in.settings().exempt = {*ip_network::parse("198.51.100.0/24")};
  in.enters("198.51.100.1");
  person& second = in.enters("198.51.100.1");
  EXPECT_FALSE(second.session().closing());
  for (int i = 0; i < 20; ++i) second.says("PING x");
  EXPECT_THAT(second.hears(), SizeIs(20));
  EXPECT_FALSE(second.session().delayed());
}

TEST_F(defence, bounds_how_often_a_nick_changes) {
  in.settings().limit.nick_burst = 2;
  in.settings().limit.nicks_per_minute = 1;
  person& bob = in.arrives("bob");
  EXPECT_THAT(bob.answer("NICK bob2"), ElementsAre(":bob!bob@192.0.2.1 NICK :bob2"));
  EXPECT_THAT(bob.answer("NICK bob3"), ElementsAre(EndsWith("NICK :bob3")));
  EXPECT_THAT(bob.answer("NICK bob4"),
              ElementsAre(HasSubstr(" 438 bob3 bob4 :Nick change too fast")));
  in.passes(60s);
  bob.hears();
  EXPECT_THAT(bob.answer("NICK bob4"), ElementsAre(EndsWith("NICK :bob4")));
}

TEST_F(defence, shows_a_cloak_in_place_of_an_address) {
  in.settings().cloak = true;
  person& bob = registers("bob", "198.51.100.1");
  EXPECT_THAT(bob.session().self.host, EndsWith(".ip"));
  EXPECT_THAT(bob.session().self.host, Not(HasSubstr("198")));
  EXPECT_EQ(registers("cid", "127.0.0.1").session().self.host, "127.0.0.1");
  EXPECT_EQ(registers("dan", "::1").session().self.host, "0::1");
}

TEST_F(defence, tells_an_address_behind_a_cloak_to_operators_and_to_whom_it_belongs) {
  in.settings().cloak = true;
  person& ann = an_operator();
  person& bob = registers("bob", "198.51.100.1");
  person& cid = registers("cid", "198.51.100.2");
  EXPECT_THAT(ann.answer("WHOIS bob"),
              Contains(EndsWith(" 338 ann bob 198.51.100.1 :Is actually using host")));
  EXPECT_THAT(bob.answer("WHOIS bob"), Contains(HasSubstr(" 338 bob bob 198.51.100.1 ")));
  EXPECT_THAT(cid.answer("WHOIS bob"), Not(Contains(HasSubstr("198.51.100.1"))));
  EXPECT_THAT(ann.answer("WHO bob %ni"), Contains(EndsWith(" 354 ann 198.51.100.1 bob")));
  EXPECT_THAT(bob.answer("WHO bob %ni"), Contains(EndsWith(" 354 bob 198.51.100.1 bob")));
  EXPECT_THAT(cid.answer("WHO bob %ni"), Contains(EndsWith(" 354 cid 255.255.255.255 bob")));
}

TEST_F(defence, fits_masks_of_channels_to_addresses_behind_cloaks) {
  in.settings().cloak = true;
  person& ann = registers("ann", "192.0.2.1");
  person& bob = registers("bob", "198.51.100.1");
  person& cid = registers("cid", "198.51.100.2");
  ann.says("JOIN #a");
  ann.says("MODE #a +b *!*@198.51.100.*");
  EXPECT_THAT(bob.answer("JOIN #a"), ElementsAre(HasSubstr(" 474 bob #a ")));
  ann.says("MODE #a +e *!*@198.51.100.2");
  EXPECT_THAT(cid.answer("JOIN #a"), Contains(HasSubstr("JOIN")));
  EXPECT_THAT(bob.answer("JOIN #a"), ElementsAre(HasSubstr(" 474 bob #a ")));
}

TEST_F(defence, opens_channels_with_the_modes_of_the_configuration) {
  in.settings().channel_modes = "ims";
  person& bob = in.arrives("bob");
  bob.says("JOIN #a");
  bob.hears();
  EXPECT_THAT(bob.answer("MODE #a"), Contains(HasSubstr(" 324 bob #a +ims")));
}

// ---- K-lines

TEST_F(defence, keeps_people_off_by_network) {
  person& ann = an_operator();
  person& bob = registers("bob", "198.51.100.1");
  bob.hears();
  EXPECT_THAT(ann.answer("KLINE 198.51.100.0/24 :spam"),
              Contains(":irc.test NOTICE ann :K-line added for *@198.51.100.0/24"));
  EXPECT_THAT(bob.hears(), ElementsAre(HasSubstr(" 465 bob :"), EndsWith("(Banned: spam)")));
  EXPECT_TRUE(bob.session().closing());
  EXPECT_TRUE(in.enters("198.51.100.77").session().closing());
  EXPECT_FALSE(in.enters("198.51.101.1").session().closing());
  EXPECT_THAT(disk.file, HasSubstr(R"("mask":"*@198.51.100.0/24","reason":"spam","set_by":"ann")"));
  EXPECT_THAT(ann.answer("STATS k"), Contains(":irc.test 216 ann K 198.51.100.0/24 * * :spam"));

  EXPECT_THAT(ann.answer("UNKLINE 198.51.100.0/24"), Contains(HasSubstr("K-line removed")));
  EXPECT_THAT(disk.file, IsEmpty());
  EXPECT_FALSE(in.enters("198.51.100.77").session().closing());
  EXPECT_THAT(ann.answer("UNKLINE 198.51.100.0/24"), Contains(HasSubstr("No K-line for")));
}

TEST_F(defence, keeps_people_off_by_user_when_they_register) {
  an_operator().says("KLINE bob@* :no bobs");
  person& bob = registers("bob", "198.51.100.1");
  EXPECT_THAT(bob.hears(), ElementsAre(HasSubstr(" 465 "), EndsWith("(Banned: no bobs)")));
  EXPECT_TRUE(registers("cid", "198.51.100.1").session().registered());
}

TEST_F(defence, keeps_people_off_for_a_time) {
  person& ann = an_operator();
  ann.says("KLINE 2m 198.51.100.1 :rest a little");
  EXPECT_TRUE(in.enters("198.51.100.1").session().closing());
  in.passes(119s);
  EXPECT_TRUE(in.enters("198.51.100.1").session().closing());
  in.passes(1s);
  EXPECT_FALSE(in.enters("198.51.100.1").session().closing());
}

TEST_F(defence, refuses_bans_that_make_no_sense) {
  person& ann = an_operator();
  EXPECT_THAT(ann.answer("KLINE *@*"), ElementsAre(HasSubstr("Not a mask")));
  EXPECT_THAT(ann.answer("KLINE 10 0.0.0.0/0"), ElementsAre(HasSubstr("Not a mask")));
  EXPECT_THAT(ann.answer("KLINE 192.0.2.0/24"), ElementsAre(HasSubstr("That is you")));
  EXPECT_THAT(ann.answer("KLINE 10"), ElementsAre(HasSubstr(" 461 ann KLINE ")));
  in.settings().limit.bans = 1;
  ann.says("KLINE 198.51.100.1");
  EXPECT_THAT(ann.answer("KLINE 198.51.100.2"), Contains(HasSubstr("too many K-lines")));
}

TEST_F(defence, says_when_the_disk_does_not_take_a_ban_and_holds_it_all_the_same) {
  person& ann = an_operator();
  ann.says("KLINE 198.51.100.1 :one");
  const std::string before = disk.file;
  disk.disk_error = make_error_code(std::errc::no_space_on_device);
  EXPECT_THAT(
      ann.answer("KLINE 198.51.100.2 :two"),
      Contains(HasSubstr("cannot be written (No space left on device): it is tried again")));
  EXPECT_EQ(disk.file, before);
  EXPECT_TRUE(in.enters("198.51.100.2").session().closing());
  disk.disk_error = {};
  EXPECT_THAT(ann.answer("KLINE 198.51.100.3 :three"),
              ElementsAre(":irc.test NOTICE ann :K-line added for *@198.51.100.3",
                          ":irc.test NOTICE ann :The file of K-lines is written again"));
  EXPECT_THAT(disk.file, HasSubstr("198.51.100.2"));
}

TEST_F(defence, goes_on_while_the_disk_hangs_and_answers_when_the_ban_is_on_it) {
  person& ann = an_operator();
  person& bob = registers("bob", "198.51.100.1");
  person& cid = in.arrives("cid");
  disk.hangs = true;
  EXPECT_THAT(ann.answer("KLINE 198.51.100.1 :spam"), IsEmpty());
  EXPECT_TRUE(bob.session().closing());
  EXPECT_THAT(ann.answer("KLINE 198.51.100.2 :more"), IsEmpty());
  EXPECT_THAT(ann.answer("UNKLINE 198.51.100.2"), IsEmpty());
  cid.says("PRIVMSG ann :still here");
  EXPECT_THAT(ann.hears(), ElementsAre(EndsWith("PRIVMSG ann :still here")));

  // Those who ask while it is written wait for the next writing.
  const std::string first = in.desk().begin_keeping_bans(in.now());
  EXPECT_THAT(first, HasSubstr("198.51.100.1"));
  EXPECT_THAT(ann.answer("KLINE 198.51.100.3 :late"), IsEmpty());
  in.desk().end_keeping_bans({}, in.now());
  EXPECT_THAT(ann.hears(), ElementsAre(":irc.test NOTICE ann :K-line added for *@198.51.100.1",
                                       ":irc.test NOTICE ann :K-line added for *@198.51.100.2",
                                       ":irc.test NOTICE ann :K-line removed for *@198.51.100.2"));
  EXPECT_TRUE(in.desk().has_bans_to_keep());
  EXPECT_THAT(in.desk().begin_keeping_bans(in.now()), HasSubstr("198.51.100.3"));
  in.desk().end_keeping_bans({}, in.now());
  EXPECT_THAT(ann.hears(), ElementsAre(":irc.test NOTICE ann :K-line added for *@198.51.100.3"));
  EXPECT_FALSE(in.desk().has_bans_to_keep());
}

TEST_F(defence, lets_only_so_many_changes_of_bans_wait_for_the_disk) {
  person& ann = an_operator();
  disk.hangs = true;
  for (int i = 0; i < 256; ++i) {
    EXPECT_THAT(ann.answer("KLINE 10.0.0." + std::to_string(i)), IsEmpty());
  }
  EXPECT_THAT(ann.answer("KLINE 10.0.1.1"),
              ElementsAre(HasSubstr("Too many K-lines wait for the disk")));
  EXPECT_THAT(ann.answer("UNKLINE 10.0.0.1"),
              ElementsAre(HasSubstr("Too many K-lines wait for the disk")));
  EXPECT_EQ(in.state().ban_keeping().is_due(), true);
  disk.hangs = false;
  EXPECT_THAT(ann.answer("PING x"), SizeIs(257));
}

TEST_F(defence, keeps_the_label_of_an_answer_that_waits_for_the_disk) {
  person& ann = in.arrives("ann", "batch labeled-response");
  ann.says("OPER root sesame");
  ann.hears();
  disk.hangs = true;
  disk.next_reload = std::vector<std::string>{"a changed", "b changed"};
  EXPECT_THAT(ann.answer("@label=one KLINE bob@* :no bobs"), IsEmpty());
  EXPECT_THAT(ann.answer("@label=two REHASH"), IsEmpty());
  EXPECT_THAT(ann.answer("@label=three PING x"),
              ElementsAre("@label=three :irc.test PONG irc.test :x"));
  disk.hangs = false;
  in.passes(1s);
  EXPECT_THAT(ann.hears(), ElementsAre("@label=one :irc.test NOTICE ann :K-line added for bob@*",
                                       "@label=two :irc.test BATCH +1 labeled-response",
                                       "@batch=1 :irc.test 382 ann configuration :Rehashing",
                                       "@batch=1 :irc.test NOTICE ann :Configuration: a changed",
                                       "@batch=1 :irc.test NOTICE ann :Configuration: b changed",
                                       ":irc.test BATCH -1"));
}

TEST_F(defence, answers_nobody_who_has_gone_meanwhile) {
  person& ann = an_operator();
  disk.hangs = true;
  ann.says("KLINE bob@* :no bobs");
  ann.says("REHASH");
  ann.says("QUIT");
  ann.hears();
  disk.hangs = false;
  in.passes(1s);
  EXPECT_THAT(ann.hears(), IsEmpty());
  EXPECT_THAT(disk.file, HasSubstr("bob@*"));
}

TEST_F(defence, tells_all_operators_what_a_signal_to_reload_changed) {
  person& ann = an_operator();
  person& bob = in.arrives("bob");
  disk.next_reload = std::vector<std::string>{};
  in.desk().ask_to_reload();
  in.passes(0s);
  EXPECT_THAT(ann.hears(), ElementsAre(EndsWith(":The configuration is the same as before")));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST_F(defence, lets_operators_alone_ban_and_rehash) {
  person& bob = in.arrives("bob");
  for (const std::string_view line : {"KLINE 198.51.100.1", "UNKLINE 198.51.100.1", "REHASH"}) {
    EXPECT_THAT(bob.answer(line), ElementsAre(StartsWith(":irc.test 481 bob :")));
  }
  EXPECT_THAT(disk.audited, IsEmpty());
}

// ---- Gateways

TEST_F(defence, takes_the_address_that_a_gateway_tells) {
  in.settings().gateways = {{"web", {*ip_network::parse("203.0.113.7")}}};
  in.settings().limit.clients_per_address = 1;
  person& first = in.enters("203.0.113.7");
  person& second = in.enters("203.0.113.7");
  first.says("WEBIRC web kiwi host.example.org 198.51.100.1");
  second.says("WEBIRC web kiwi host.example.org 2001:db8::1");
  EXPECT_EQ(first.session().self.host, "198.51.100.1");
  EXPECT_EQ(second.session().self.host, "2001:db8::1");
  person& third = in.enters("203.0.113.7");
  third.says("WEBIRC web kiwi host.example.org 198.51.100.1");
  EXPECT_THAT(third.hears(), ElementsAre(HasSubstr("Too many connections from your address")));
}

TEST_F(defence, believes_no_gateway_that_it_does_not_know) {
  in.settings().gateways = {{"web", {*ip_network::parse("203.0.113.7")}}};
  for (const std::string_view address : {"203.0.113.8", "203.0.113.7"}) {
    person& some = in.enters(address);
    some.says(address.ends_with('8') ? "WEBIRC web kiwi h 198.51.100.1"
                                     : "WEBIRC wrong kiwi h 198.51.100.1");
    EXPECT_THAT(some.hears(), ElementsAre(HasSubstr("WEBIRC is not for you")));
  }
  person& late = in.enters("203.0.113.7");
  late.says("NICK late");
  late.says("WEBIRC web kiwi h 198.51.100.1");
  EXPECT_TRUE(late.session().closing());
  person& twice = in.enters("203.0.113.7");
  twice.says("WEBIRC web kiwi h 198.51.100.1");
  twice.says("WEBIRC web kiwi h 198.51.100.2");
  EXPECT_TRUE(twice.session().closing());
  person& nowhere = in.enters("203.0.113.7");
  nowhere.says("WEBIRC web kiwi h somewhere");
  EXPECT_TRUE(nowhere.session().closing());
}

// ---- Operators

TEST_F(defence, tells_what_a_rehash_changed) {
  person& ann = an_operator();
  disk.next_reload = std::vector<std::string>{"limits.clients: 10000 -> 5"};
  EXPECT_THAT(ann.answer("REHASH"),
              ElementsAre(HasSubstr(" 382 ann configuration :Rehashing"),
                          EndsWith("NOTICE ann :Configuration: limits.clients: 10000 -> 5")));
  disk.next_reload = std::unexpected{std::string{"pentad.toml:3:1: unknown key 'x' in [server]"}};
  EXPECT_THAT(ann.answer("REHASH"),
              Contains(EndsWith(":The configuration stays as it was: pentad.toml:3:1: unknown key "
                                "'x' in [server]")));
}

TEST_F(defence, audits_what_operators_do_but_no_password) {
  person& bob = in.arrives("bob");
  bob.says("OPER root wrong");
  person& ann = an_operator();
  ann.says("KLINE 10 198.51.100.1 :spam");
  ASSERT_THAT(disk.audited, SizeIs(3));
  EXPECT_THAT(disk.audited[0], HasSubstr(R"("event":"oper","nick":"bob")"));
  EXPECT_THAT(disk.audited[0], EndsWith(R"("name":"root","granted":false})"));
  EXPECT_THAT(disk.audited[1], EndsWith(R"("name":"root","granted":true})"));
  EXPECT_THAT(disk.audited[2],
              EndsWith(R"("command":"KLINE","parameters":["10","198.51.100.1","spam"]})"));
  for (const std::string& each : disk.audited) EXPECT_THAT(each, Not(HasSubstr("sesame")));
}

TEST_F(defence, logs_who_comes_and_goes_with_the_real_address) {
  in.settings().cloak = true;
  registers("bob", "198.51.100.1").says("QUIT :bye");
  EXPECT_THAT(
      disk.logged,
      ElementsAre(HasSubstr(R"("event":"registered","nick":"bob","user":"bob","address":"198)"),
                  EndsWith(R"("reason":"Quit: bye"})")));
}

}  // namespace
}  // namespace pentad::messenger::testing
