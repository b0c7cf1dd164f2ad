// Solves for one name with libsolv alone: what scripts/bench-repository compares `boatyard solve` with.
//
// Each line of the file is a package: its name and version, then pairs of a name and the least version that it needs.
// Prints how many packages are chosen.
#include <solv/pool.h>
#include <solv/repo.h>
#include <solv/selection.h>
#include <solv/solver.h>
#include <stdio.h>
#include <string.h>

static void add(Repo *repo, char *line) {
    Pool *pool = repo->pool;
    char *name = strtok(line, " \n"), *version = strtok(NULL, " \n"), *need;
    Solvable *package = pool_id2solvable(pool, repo_add_solvable(repo));
    package->name = pool_str2id(pool, name, 1);
    package->evr = pool_str2id(pool, version, 1);
    package->arch = ARCH_ALL;
    Id own = pool_rel2id(pool, package->name, package->evr, REL_EQ, 1);
    package->provides = repo_addid_dep(repo, package->provides, own, 0);
    while ((need = strtok(NULL, " \n"))) {
        Id least = pool_str2id(pool, strtok(NULL, " \n"), 1);
        Id relation = pool_rel2id(pool, pool_str2id(pool, need, 1), least, REL_GT | REL_EQ, 1);
        package->requires = repo_addid_dep(repo, package->requires, relation, 0);
    }
}

int main(int count, char **words) {
    char line[4096];
    FILE *file = count == 3 ? fopen(words[1], "r") : NULL;
    if (!file) return 64;
    Pool *pool = pool_create();
    pool_setdisttype(pool, DISTTYPE_DEB);
    Repo *repo = repo_create(pool, "bench");
    while (fgets(line, sizeof line, file)) add(repo, line);
    pool_createwhatprovides(pool);
    Queue jobs, chosen;
    queue_init(&jobs);
    queue_init(&chosen);
    queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, pool_str2id(pool, words[2], 1));
    Solver *solver = solver_create(pool);
    if (solver_solve(solver, &jobs)) return 1;
    Transaction *transaction = solver_create_transaction(solver);
    printf("%d\n", transaction->steps.count);
    transaction_free(transaction);
    return 0;
}
