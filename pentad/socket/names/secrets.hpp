// Numbers that nobody can guess.
#pragma once

#include <array>
#include <cstdint>

#include "pentad/base/byte_order.hpp"
#include "pentad/socket/name_service.hpp"

namespace pentad::names {

/// Errors: those of the source.
inline result<std::uint16_t> secret_number(const name_service::secret_source& source) {
  std::array<std::byte, 2> bytes{};
  if (const result<void> filled = source(bytes); !filled) return failure(filled.error());
  return load_be16(bytes.data());
}

}  // namespace pentad::names
