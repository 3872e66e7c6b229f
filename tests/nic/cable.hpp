// Two interfaces of Linux that are joined by a cable (veth(4)), in a network namespace of the test.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace pentad::test {

/// Both ends are up.
inline void make_cable(const std::string& one, const std::string& other) {
  const std::string commands = "ip link add " + one + " type veth peer name " + other +
                               " && ip link set " + one + " up && ip link set " + other + " up";
  ASSERT_EQ(std::system(commands.c_str()), 0);
}

}  // namespace pentad::test
