// Where most of what is done to a channel can be tested.
#pragma once

#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {

/// A channel with its operator alice, the member bob, and carol outside.
class on_a_channel : public ::testing::Test {
 protected:
  on_a_channel() {
    for (person* one : {&alice, &bob}) one->says("JOIN #a");
    alice.hears();
    bob.hears();
  }

  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
};

}  // namespace pentad::messenger::testing
