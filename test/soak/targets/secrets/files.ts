// Names of secret files from the programs' own manuals and the lists of secret scanners, written down
// independently of the product's globs; and the ways to reach such a file: in another case, as an old
// version, by links.
export const secretFiles: readonly string[] = `
.env .env.local .env.production .envrc prod.env .dev.vars .Renviron
server.pem tls.key AuthKey_1.p8 cert.p12 cert.pfx release.jks app.keystore krb5.keytab passwords.kdbx putty.ppk
backup.gpg secring.pgp signature.asc office.ovpn login.keychain-db home.nmconnection profile.publishsettings
id_rsa id_dsa id_ecdsa id_ed25519 id_ed25519_sk id_rsa.pub deploy_rsa backup_ed25519 ssh_host_rsa_key
ssh_host_ed25519_key wallet.dat UTC--2024-01-01T00-00-00Z--abc mnemonic.txt github-recovery-codes.txt
.ssh/config .ssh/authorized_keys .gnupg/gpg.conf .aws/credentials .aws/config .azure/accessTokens.json .kube/config
.oci/config .password-store/mail .terraform.d/credentials.tfrc.json .config/gcloud/access_tokens.db
.config/op/config .config/sops/age/keys.txt .config/configstore/firebase-tools.json .config/github-copilot/hosts.json
run/secrets/db Microsoft/UserSecrets/1/secrets.json secrets/db.yml secrets/token .secrets/api
.netrc _netrc .npmrc .yarnrc .yarnrc.yml .pypirc .condarc .pgpass .pg_service.conf .my.cnf .mylogin.cnf .htpasswd
.htdigest .git-credentials .dockercfg .dockerconfigjson .s3cfg .boto .passwd-s3fs .databrickscfg .terraformrc
.sentryclirc .clasprc.json .authinfo .msmtprc .fetchmailrc .offlineimaprc .mbsyncrc .curlrc .wgetrc .ftpconfig
.docker/config.json .git/config .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties .bundle/config
.dbt/profiles.yml .snowsql/config .nuget/NuGet/NuGet.Config pip.conf pip.ini .config/pypoetry/auth.toml
.composer/auth.json .config/composer/auth.json .config/hub .config/doctl/config.yaml .config/hcloud/cli.toml
.config/glab-cli/config.yml .config/stripe/config.toml .config/gh/hosts.yml GitHub_CLI/hosts.yml rclone.conf ngrok.yml
kaggle.json pgpass.conf odbc.ini terraform.rc clouds.yaml wg0.conf wireguard/home.conf wpa_supplicant.conf
sftp-config.json sftp.json sitemanager.xml recentservers.xml filezilla.xml .purple/accounts.xml cookies.txt
logins.json kubeconfig admin.kubeconfig kubeconfig.yaml kubernetes/admin.conf k3s.yaml terraform.tfvars prod.tfvars
terraform.tfvars.json prod.auto.tfvars.json terraform.tfstate terraform.tfstate.backup terraform.tfstate.1700000000.backup
service-account.json my-service-account-key.json gcp-serviceaccount.json app-firebase-adminsdk-1.json gcloud-key.json
aws_creds creds.json oauth_creds.json admin-openrc.sh local.settings.json .vault_pass vault-password.txt .vault-token
vault.yml group_vars_vault.yaml wp-config.php LocalSettings.php local_settings.py etc/shadow etc/passwd etc/gshadow
.bash_history .zsh_history .sh_history .python_history .node_repl_history .mysql_history .psql_history .rediscli_history
fish_history .history .histfile .zhistory .lesshst .viminfo .zsh_sessions/1.history ConsoleHost_history.txt
nushell/history.txt secrets.yml secrets.json secret.txt secret client_secret.json client_secret_123.apps.json
credentials credentials.json credentials.yml.enc credentials.xml master.key passwords.txt password.md passwd
arduino_secrets.h secrets.py secrets.toml app-secrets.yaml db-password.txt my-passwords passphrase.txt api-key.txt
apikey api_keys.json private_key.json privkey1.txt chap-secrets ipsec.secrets token token.json token.txt .token
github_token npm-token.txt access_token access-token.json refresh_token.txt auth-tokens.yml bot_token.json
slack-token.txt api_token hf_token tokens.txt
`
  .trim()
  .split(/\s+/)
  // The list is split at spaces, so that a name in it cannot contain one.
  .map((name) => name.replace('GitHub_CLI', 'GitHub CLI'));

export const cases: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
  (name) => name.replace(/[a-z]/g, (letter, at: number) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
];

/** The endings of the names of old versions. */
export const versions: readonly string[] = ['', '~', '.bak', '.old', '.1', '.bak~'];

export const routes = ['itself', 'below a folder', 'a link', 'a link to a link', 'a linked folder'] as const;

/** Names of files that are common in projects and are not secret. */
export const ordinaryFiles: readonly string[] = `
tokenizer.ts tokenizer.json tokens.css tokens.json tokens.ts token.ts token.rs design-tokens.json Java.tokens
special_tokens_map.json password-reset.ts PasswordField.tsx CredentialProvider.java useSecret.ts environment.ts env.d.ts
history.ts history.md keyboard.ts keys.ts server.log notes.txt package.json settings.xml hosts.yml config.json
config.yml auth.ts auth.json accounts.json main.rs Makefile LICENSE README.md CHANGELOG.md .gitignore .editorconfig
.eslintrc.json tsconfig.json docker-compose.yml Dockerfile schema.sql index.html app.config.js vite.config.ts monkey.txt
`
  .trim()
  .split(/\s+/);
