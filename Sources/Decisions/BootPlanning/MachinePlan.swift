package import BootModel
package import KernelModules
import Plans

/// What the machine phase decides from; gathered when `/proc`, `/sys` and `/dev` are mounted.
package struct MachineFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// The kernel's release.
    package var release: String
    /// Its modules, and what the owner says of them; nil for a kernel that has none.
    package var modules: ModuleResolver?
    /// The aliases of the devices that there are.
    package var aliases: [String]
    /// What the processor can do, in the words of `/proc/cpuinfo`.
    package var processorFlags: Set<String>

    /// Makes the facts.
    package init(
        parameters: BootParameters, release: String, modules: ModuleResolver?, aliases: [String] = [],
        processorFlags: Set<String> = []
    ) {
        self.parameters = parameters
        self.release = release
        self.modules = modules
        self.aliases = aliases
        self.processorFlags = processorFlags
    }
}

extension BootPlan {
    /// Plans which drivers and filesystems are loaded.
    ///
    /// What the owner wants comes first, then drivers of devices that there are, so that disks answer meanwhile, then what
    /// every boot needs. All else the kernel asks for when it needs it.
    ///
    /// - Throws: `PlanningError` when a module that the root cannot be mounted without is neither there nor built in.
    package static func machine(_ facts: MachineFacts) throws(PlanningError) -> BootPlan {
        guard let modules = facts.modules else { return BootPlan(.machine, []) }
        var planner = ModulePlanner(modules)
        for request in modules.settings.first { planner.add(request, .optional("rd.driver.pre= asks for it")) }
        planner.add(modules.drivers(for: facts.aliases.filter { !$0.hasPrefix("cpu:") }), .optional(Self.driver))
        for name in needed(facts) {
            guard planner.add(name, .required) else { throw .missingModule(name, facts.release) }
        }
        for name in wanted(facts) { planner.add(name, .optional("something slower stands in for it")) }
        return BootPlan(.machine, [Step(.followDevices, .optional("all devices may be there"))] + planner.steps)
    }

    private static let driver = "a device may have no part in this boot"

    /// What the root is mounted by.
    private static func needed(_ facts: MachineFacts) -> [String] {
        let verity = facts.parameters.verity == .enforce ? ["dm_mod", "dm_verity"] : []
        return ["loop"] + verity + ["squashfs", "overlay"]
    }

    /// Nothing asks for the quicker hash of dm-verity, and each refused attempt costs a boot 25 ms.
    ///
    /// A live boot has no partition of its own: what its medium has shows when that is there.
    private static func wanted(_ facts: MachineFacts) -> [String] {
        (facts.processorFlags.contains("ssse3") ? ["sha256_ssse3"] : []) + (facts.parameters.isLive ? [] : ["ext4"])
    }
}

/// Gathers loads, each module once.
private struct ModulePlanner {
    let modules: ModuleResolver
    private(set) var steps: [Step<BootAction>] = []

    init(_ modules: ModuleResolver) { self.modules = modules }

    /// Adds what a request brings in; false when there is no such module.
    @discardableResult
    mutating func add(_ request: String, _ requirement: Requirement) -> Bool {
        switch modules.answer(request) {
        case .load(let loads): add(loads, requirement)
        case .unknown: return false
        // The kernel may have it built in under the name of a module that the owner keeps out; the mount will tell.
        case .disabled: break
        }
        return true
    }

    mutating func add(_ loads: [ModuleLoad], _ requirement: Requirement) {
        for load in loads {
            let requirement = load.isOptional ? .optional("what asks for it does without it") : requirement
            guard let place = steps.firstIndex(where: { $0.action.subject == load.name.description }) else {
                steps.append(Step(.loadModule(load), requirement))
                continue
            }
            if requirement == .required { steps[place] = Step(.loadModule(load), .required) }
        }
    }
}
