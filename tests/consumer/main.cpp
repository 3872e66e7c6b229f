// What a program of another project may look like.

#include <pentad/base/five_tuple.hpp>

#include <iostream>

int main() {
  constexpr auto text = "tcp 10.9.0.1:41000 > 10.9.0.2:6667";
  const auto tuple = pentad::five_tuple::parse(text);
  if (!tuple || to_string(*tuple) != text) return 1;
  std::cout << to_string(*tuple) << '\n';
  return 0;
}
