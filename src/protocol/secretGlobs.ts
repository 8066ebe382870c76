// The names of files that hold secrets. They are the names that programs give to files of keys, passwords and
// tokens, after the lists of gitleaks, TruffleHog, GitHub's secret scanning and gitrob, and names that people
// choose. They are the default of the setting `unroll.secrets`, and the command line refuses them. Case does
// not matter.

/**
 * Extensions of data files, of which a word such as `password` says something wherever it stands in their name. Of a source
 * file it does so where it is the name or its end (`password.ts`), and not elsewhere (`password-reset.ts`).
 */
const data =
  '{txt,json,json5,jsonc,yml,yaml,toml,ini,conf,cfg,config,cnf,properties,xml,plist,csv,tsv,dat,enc,b64,rtf,docx,xlsx,odt,ods}';

/** Matches a name without an extension. */
const plain = '*([^./])';

const words = '{credential,secret,passw,passphrase,api{,-,_}key,private{,-,_}key,privkey}';

/**
 * Words before `token` that make it a secret; alone it is a word of compilers and design systems:
 * `tokens.json`, `tokenizer.model`, `Java.tokens`.
 */
const tokens =
  '{access,api,app,auth,bearer,bot,csrf,deploy,github,gitlab,id,jwt,npm,oauth,personal,refresh,registry,service,session,slack}{,-,_,.}token{,s}';

export const secretGlobs: readonly string[] = [
  // Environments of programs.
  '**/.env',
  '**/.env[-_.]*',
  '**/*.env',
  '**/.envrc',
  '**/{.dev.vars,.renviron}',
  // Keys and key stores.
  '**/*.{pem,key,p8,p12,pfx,pkcs12,pk8,jks,jceks,bks,keystore,keytab,kdb,kdbx,psafe3,1pif,ppk,pvk,snk,gpg,pgp,asc,agekey,priv,private_key}',
  '**/*.{keychain,keychain-db,agilekeychain,opvault,wallet,ovpn,tblk,nmconnection,rdp,rdg,publishsettings,cscfg}',
  '**/id_{rsa,dsa,ecdsa,ed25519,xmss}*',
  '**/*[-_.]{rsa,dsa,ecdsa,ed25519}',
  '**/ssh_host_*_key',
  '**/{wallet.dat,utc--*}',
  '**/{,*[-_.]}mnemonic{,.txt}',
  '**/*{recovery,backup}{,-,_, }codes*',
  // Folders that hold only secrets.
  '**/.{ssh,gnupg,aws,azure,kube,oci,password-store,terraform.d}/**',
  '**/.config/{gcloud,op,sops,age,configstore,github-copilot}/**',
  '**/{run/secrets,microsoft/usersecrets}/**',
  `**/{secrets,.secrets}/**/*.${data}`,
  `**/{secrets,.secrets}/**/${plain}`,
  // Accounts of programs in the user's folder.
  '**/{.,_}netrc',
  '**/.{npmrc,yarnrc,yarnrc.yml,pypirc,condarc,pgpass,pg_service.conf,my.cnf,mylogin.cnf,htpasswd,htdigest}',
  '**/.{git-credentials,dockercfg,dockerconfigjson,s3cfg,boto,passwd-s3fs,databrickscfg,terraformrc,sentryclirc,clasprc.json}',
  '**/.{authinfo,msmtprc,esmtprc,fetchmailrc,getmailrc,offlineimaprc,mbsyncrc,curlrc,wgetrc,ftpconfig,remote-sync.json}',
  '**/.docker/config.json',
  '**/.git/config',
  '**/.m2/settings*.xml',
  '**/.gradle/gradle.properties',
  '**/.bundle/config',
  '**/.dbt/profiles.yml',
  '**/.snowsql/config',
  '**/nuget/nuget.config',
  '**/pip.{conf,ini}',
  '**/pypoetry/auth.toml',
  '**/{.composer,composer,com.vercel.cli,containers}/auth.json',
  '**/.config/{hub,doctl/config.yaml,hcloud/cli.toml,glab-cli/config.yml,stripe/config.toml,netlify/config.json}',
  '**/{.config/gh,github cli}/hosts.yml',
  '**/{rclone.conf,ngrok.yml,kaggle.json,pgpass.conf,odbc.ini,terraform.rc,clouds.yaml,secure.yaml}',
  '**/{wg[0-9]*,wireguard/*,wpa_supplicant*}.conf',
  '**/{sftp-config.json,sftp.json,sitemanager.xml,recentservers.xml,filezilla.xml,winscp.ini,ws_ftp.ini}',
  '**/{.purple/accounts.xml,.irssi/config,sec.conf,cookies.txt,cookies.sqlite,logins.json}',
  // Clusters and clouds.
  '**/{,*[-_.]}kubeconfig{,[-_.]*}',
  '**/kubernetes/{admin,super-admin,controller-manager,scheduler,kubelet}.conf',
  '**/k3s.yaml',
  '**/*.{tfvars,tfvars.json,tfstate}',
  '**/*.tfstate.*',
  '**/*service{,-,_}account*.json',
  '**/*{firebase,gcp,gcloud,google}*{adminsdk,key}*.json',
  '**/{,*[-_.]}creds{,[-_.]*}',
  '**/*openrc{,.sh}',
  '**/local.settings.json',
  '**/{,.,*[-_.]}vault{-,_}pass*',
  '**/.vault-token',
  '**/{,*[-_.]}vault.{yml,yaml}',
  // Configurations of web sites.
  '**/{wp-config.php,localsettings.php,local_settings.py}',
  '**/etc/{shadow,gshadow,passwd,sudoers}{,-}',
  // Histories of what was typed at a prompt.
  '**/*_history',
  '**/.{history,histfile,zhistory,lesshst,viminfo}',
  '**/.{bash,zsh}_sessions/**',
  '**/consolehost_history.txt',
  '**/nushell/history.*',
  // Names that people give to files by their content.
  '**/{,*[-_.]}{secret,secrets,credential,credentials,passwd,password,passwords}.*',
  '**/{secret,client_secret}{-,_}*.{json,py,rb,js,ts,h}',
  `**/*${words}*.${data}`,
  `**/*${words}${plain}`,
  '**/{,.,*[-_.]}token',
  '**/*[-_]tokens',
  '**/{,.}token.{txt,json,yml,yaml,toml,ini,xml,enc}',
  '**/tokens.txt',
  `**/*${tokens}{,.${data}}`,
];
