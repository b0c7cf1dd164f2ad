package import DocumentTree
package import OEMModel

/// What one action of a stage does, as data.
package enum StageWork: Equatable, Sendable {
    /// Writes a file whole, or adds to it.
    case writeFile(FileDirective)
    /// Makes a folder with those above it, or sets its mode and owner.
    case makeDirectory(DirectoryDirective)
    /// Fetches a file.
    case fetchFile(DownloadDirective)
    /// Clones a repository, or brings it up to date.
    case cloneRepository(GitDirective)
    /// Writes `/etc/resolv.conf`.
    case setResolver(DNSDirective)
    /// Puts a line into an account file, or takes one out.
    case changeEntity(EntityDirective, isDeleted: Bool)
    /// Makes groups and puts users into them.
    case ensureGroups([GroupDirective])
    /// Makes users, or brings them to what is said of them; all at once, so that numbers are given out in order.
    case ensureUsers([UserDirective])
    /// Gives passwords to users who are there.
    case setPasswords([PasswordDirective])
    /// Lets keys log in.
    case authorizeKeys(AuthorizedKeysDirective)
    /// Runs a text by a shell; `name` is what the file calls it.
    case runScript(name: String, text: String)
    /// Names the machine.
    case setHostname(String)
    /// Puts the names of the machine into `/etc/hosts`.
    case setHosts(fullName: String?)
    /// Sets a setting of the kernel; dots stand for slashes.
    case setKernelSetting(name: String, value: String)
    /// Loads a module of the kernel, with parameters.
    case loadModule(String)
    /// Sets what systemd-timesyncd asks.
    case setTimeServers([DocumentMember<String>])
    /// Writes a drop-in of a unit.
    case overrideUnit(SystemctlDirective.Override)
    /// Has systemd read its files again.
    case reloadManager
    /// Does something to units.
    case manageUnits(verb: UnitVerb, units: [String])
    /// Puts variables into an environment file.
    case setEnvironment(file: String, variables: [DocumentMember<String>])
    /// Runs systemd-firstboot.
    case firstBoot([DocumentMember<String>])
    /// Sets the time zone.
    case setTimeZone(String)
    /// Looks for the machine's own configuration.
    case lookForData(DataSourceDirective)
    /// Changes partitions.
    case changePartitions(LayoutDirective)
    /// Keeps packages at versions.
    case pinPackages([DocumentMember<String>])
    /// Installs and removes packages.
    case changePackages(PackagesDirective)
    /// Unpacks a container image.
    case unpackImage(UnpackDirective)
    /// Puts lines into `/etc/fstab` and mounts them.
    case addMounts([MountLine])
    /// Makes a swap file and uses it.
    case addSwap(path: String, bytes: Int?, limit: Int?)
    /// Restarts the machine or the like.
    case changePower(PowerDirective)
    /// Prints a text on the console.
    case printMessage(String)
    /// Nothing: it was found before that it cannot be done.
    case refused(what: String, reason: String)

    /// What is done to units.
    package enum UnitVerb: String, CaseIterable, Sendable {
        case enable, disable, mask, start
        /// Only where they run.
        case reload = "try-reload-or-restart"
    }

    /// Whether it starts a program that the file chose.
    package var runsPrograms: Bool {
        switch self {
        case .runScript, .cloneRepository, .changePackages, .unpackImage: true
        case .changePartitions(let layout): layout.path?.hasPrefix("script://") == true
        case .changePower(let power): power.condition != nil
        default: false
        }
    }
}
