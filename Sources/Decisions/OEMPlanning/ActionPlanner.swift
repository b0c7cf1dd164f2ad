import DocumentTree
import OEMModel
import SystemPackage

/// Makes the actions of one step, in the order of the family (yip 1.25), but with drop-ins before what they change starts.
struct ActionPlanner {
    let facts: StageFacts
    let source: OEMSource
    let path: FilePath
    /// What the author should know, a sentence each.
    private(set) var notes: [String] = []
    private var actions: [StageAction] = []
    private var mark = DocumentMark(line: 1, column: 1)

    init(facts: StageFacts, source: OEMSource, path: FilePath) {
        self.facts = facts
        self.source = source
        self.path = path
    }

    mutating func actions(of step: StageStep) -> [StageAction] {
        actions = []
        mark = step.mark
        addFiles(step)
        addCommands(step)
        addMachine(step)
        addAccounts(step)
        addServices(step)
        addRest(step)
        addCloud(step)
        return actions
    }

    private mutating func add(_ work: StageWork, at place: DocumentMark? = nil) {
        let origin = StageOrigin(path: path, line: (place ?? mark).line)
        guard !work.runsPrograms || facts.mayRunPrograms(source) else {
            let reason = "files from \(source.rawValue) may not run programs here; 'oem.programs' allows it"
            return actions.append(StageAction(.refused(what: work.name, reason: reason), from: origin))
        }
        actions.append(StageAction(work, from: origin))
    }

    /// Renders texts; when one cannot be, the action is one that fails.
    private mutating func render(
        _ what: String, at place: DocumentMark? = nil, _ texts: [String], forHostname: Bool = false,
        _ work: ([String]) -> StageWork
    ) {
        var rendered: [String] = []
        for text in texts {
            do throws(RenderingError) {
                let result = try facts.renderer.render(text, forHostname: forHostname)
                if let note = result.note { notes.append("\(what): \(note)") }
                rendered.append(result.text)
            } catch { return add(.refused(what: what, reason: error.description), at: place) }
        }
        add(work(rendered), at: place)
    }

    private mutating func addFiles(_ step: StageStep) {
        if let dns = step.dns, !dns.nameservers.isEmpty { add(.setResolver(dns)) }
        for download in step.downloads { add(.fetchFile(download), at: download.mark) }
        if let git = step.git { add(.cloneRepository(git)) }
        addEntities(step.ensuredEntities, isDeleted: false)
        for directory in step.directories { add(.makeDirectory(directory), at: directory.mark) }
        for file in step.files { addFile(file) }
    }

    /// A content that is a text once it is decoded is a template, as in the family.
    private mutating func addFile(_ file: FileDirective) {
        guard file.content.encoding != .gzip, let text = String(validating: file.content.bytes, as: UTF8.self) else {
            return add(.writeFile(file), at: file.mark)
        }
        render(file.path, at: file.mark, [text]) { texts in
            var file = file
            file.content.bytes = Array((texts.first ?? "").utf8)
            return .writeFile(file)
        }
    }

    private mutating func addEntities(_ entities: [EntityDirective], isDeleted: Bool) {
        for entity in entities {
            render("entity", at: entity.mark, [entity.entity]) { texts in
                var entity = entity
                entity.entity = texts.first ?? ""
                return .changeEntity(entity, isDeleted: isDeleted)
            }
        }
    }

    private mutating func addCommands(_ step: StageStep) {
        for command in step.commands {
            render("command", at: command.mark, [command.value]) { .runScript(name: "commands", text: $0.first ?? "") }
        }
        addEntities(step.deletedEntities, isDeleted: true)
    }

    private mutating func addMachine(_ step: StageStep) {
        if let hostname = step.hostname {
            render("hostname", at: hostname.mark, [hostname.value], forHostname: true) {
                .setHostname($0.first ?? "")
            }
        }
        for setting in step.sysctl {
            add(.setKernelSetting(name: setting.name, value: setting.value), at: setting.mark)
        }
    }

    private mutating func addAccounts(_ step: StageStep) {
        if let first = step.groups.first { add(.ensureGroups(step.groups), at: first.mark) }
        if let first = step.users.first { add(.ensureUsers(step.users), at: first.mark) }
        if let first = step.passwords.first { add(.setPasswords(step.passwords), at: first.mark) }
        let ofUsers = step.users.filter { !$0.keys.isEmpty }
            .map { AuthorizedKeysDirective(user: $0.name, keys: $0.keys, at: $0.mark) }
        for keys in ofUsers + step.authorizedKeys { add(.authorizeKeys(keys), at: keys.mark) }
        for module in step.modules { add(.loadModule(module.value), at: module.mark) }
    }

    private mutating func addServices(_ step: StageStep) {
        if let first = step.timesyncd.first { add(.setTimeServers(step.timesyncd), at: first.mark) }
        guard let systemctl = step.systemctl else { return }
        for override in systemctl.overrides { add(.overrideUnit(override)) }
        if !systemctl.overrides.isEmpty { add(.reloadManager) }
        let verbs: [(StageWork.UnitVerb, [String])] = [
            (.enable, systemctl.enable), (.disable, systemctl.disable), (.mask, systemctl.mask),
            (.start, systemctl.start),
        ]
        // One at a time: a unit that is not there does not keep the others from it.
        for (verb, units) in verbs { for unit in units { add(.manageUnits(verb: verb, units: [unit])) } }
    }

    private mutating func addRest(_ step: StageStep) {
        if let first = step.environment.first {
            let file = step.environmentFile ?? StageStep.standardEnvironmentFile
            render(file, at: first.mark, step.environment.map(\.value)) { values in
                let variables = zip(step.environment, values).map { variable, value in
                    DocumentMember(name: variable.name, mark: variable.mark, value: value)
                }
                return .setEnvironment(file: file, variables: variables)
            }
        }
        if let first = step.firstboot.first { add(.firstBoot(step.firstboot), at: first.mark) }
        if let source = step.dataSource { add(.lookForData(source)) }
        if let layout = step.layout { add(.changePartitions(layout)) }
        if let first = step.packagePins.first { add(.pinPackages(step.packagePins), at: first.mark) }
        if let packages = step.packages { add(.changePackages(packages)) }
        for image in step.unpackedImages { add(.unpackImage(image)) }
    }

    private mutating func addCloud(_ step: StageStep) {
        for directive in step.cloud {
            switch directive {
            case .script(let name, let text, let mark): add(.runScript(name: name, text: text), at: mark)
            case .timezone(let zone, let mark): add(.setTimeZone(zone), at: mark)
            case .mounts(let lines, let mark): add(.addMounts(lines), at: mark)
            case .swap(let path, let bytes, let limit, let mark):
                add(.addSwap(path: path, bytes: bytes, limit: limit), at: mark)
            case .power(let power): add(.changePower(power), at: power.mark)
            case .message(let text, let mark): add(.printMessage(text), at: mark)
            case .hosts(let fullName, let mark): add(.setHosts(fullName: fullName), at: mark)
            }
        }
        if !step.reloadedUnits.isEmpty { add(.manageUnits(verb: .reload, units: step.reloadedUnits)) }
    }
}
