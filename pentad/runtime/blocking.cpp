#include "pentad/runtime/blocking.hpp"

#include "pentad/runtime/worker_pool.hpp"

namespace pentad {

bool blocking_operation_base::launch() {
  if (env->loop->engine().simulated()) {
    call();
    return true;
  }
  job_.owner = this;
  job_.run = [](ready_node& node) {
    blocking_operation_base& owner = *static_cast<job_node&>(node).owner;
    owner.call();
    node.run = [](ready_node& done) { static_cast<job_node&>(done).owner->resume(); };
    owner.env->loop->post(node);
  };
  env->loop->workers().submit(job_);
  return false;
}

}  // namespace pentad
