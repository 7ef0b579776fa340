#define LANES 4
#include "systems/network_vector_single.h"
#include "network_phi.h"

int main(void)
{
    test_accuracy("single", 0x1p-20);
    test_ends();
    return tap_done();
}
