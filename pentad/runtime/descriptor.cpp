#include "pentad/runtime/descriptor.hpp"

namespace pentad {

bool readiness_operation::start() {
  descriptor_engine* engine = env->loop->engine().descriptors();
  if (engine == nullptr) {
    error = EOPNOTSUPP;
    return true;
  }
  return engine->start(*this);
}

void readiness_operation::stop() noexcept { env->loop->engine().descriptors()->stop(*this); }

}  // namespace pentad
